namespace Sojourn.Kinds.Generation;

/// <summary>The look of a storyboard.</summary>
public enum MediaType
{
    /// <summary>Film stills: teal and orange, letterboxed, strong light.</summary>
    Cinematic,

    /// <summary>Flat bright colours and thick outlines.</summary>
    Cartoon,

    /// <summary>Muted natural tones and soft light.</summary>
    Realistic,
}

/// <summary>Begins a generation: the story, the look, and into how many scenes it is to be cut.</summary>
/// <param name="StoryText">10 to 50,000 characters and at least 5 words; white space around it is dropped.</param>
/// <param name="MediaType">The look. Default cinematic.</param>
/// <param name="NumScenes">1 to 20, and no more than the story has words. Default 5.</param>
public sealed record StartGeneration(
    string StoryText,
    MediaType MediaType = MediaType.Cinematic,
    int NumScenes = 5) : IStart<Generation>;
