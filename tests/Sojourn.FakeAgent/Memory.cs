using System.Text.Json.Nodes;

namespace Sojourn.FakeAgent;

/// <summary>What outlives the process: a file for each conversation, and one with all prompts that ever came.</summary>
internal sealed class Memory
{
    private readonly string _directory, _conversations, _prompts;
    private readonly Lock _gate = new();

    public Memory(string directory)
    {
        _directory = directory;
        _conversations = Directory.CreateDirectory(Path.Combine(directory, "conversations")).FullName;
        _prompts = Path.Combine(directory, "prompts.jsonl");
    }

    /// <summary>Ends once somebody has put a file of this name beside.</summary>
    public async Task ToldAsync(string name)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watch = new FileSystemWatcher(_directory, name);
        watch.Created += (_, _) => told.TrySetResult();
        watch.EnableRaisingEvents = true;
        // It may have been put there before anybody watched.
        if (!File.Exists(Path.Combine(_directory, name)))
            await told.Task;
    }

    public bool Has(string conversation) => File.Exists(PathOf(conversation));

    public void Copy(string from, string to) => File.Copy(PathOf(from), PathOf(to));

    /// <summary>The texts of a conversation, the oldest first.</summary>
    public string[] Texts(string conversation) => Has(conversation)
        ? [.. Lines(PathOf(conversation)).Select(line => (string)line["text"]!)] : [];

    /// <summary>Writes down a prompt.</summary>
    /// <returns>False if the conversation has one with this uuid: it is not to be run again.</returns>
    public bool Take(string conversation, string? uuid, string text)
    {
        lock (_gate)
        {
            var isNew = uuid is null || !Has(conversation)
                || Lines(PathOf(conversation)).All(line => (string?)line["uuid"] != uuid);
            var prompt = new JsonObject
            {
                ["conversation"] = conversation,
                ["uuid"] = uuid,
                ["text"] = text,
                ["ran"] = isNew,
            };
            File.AppendAllText(_prompts, prompt.ToJsonString() + "\n");
            if (isNew)
            {
                File.AppendAllText(PathOf(conversation), prompt.ToJsonString() + "\n");
            }

            return isNew;
        }
    }

    private static IEnumerable<JsonNode> Lines(string path) =>
        File.ReadLines(path).Select(line => JsonNode.Parse(line)!);

    private string PathOf(string conversation) => Path.Combine(_conversations, $"{conversation}.jsonl");
}
