using System.Text.Json;
using Microsoft.Playwright;
using Sojourn.Kinds.Generation;
using Sojourn.Tests.EndToEnd;
using Sojourn.Tests.Generation;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Console;

/// <summary>
/// A server whose storyboards wait or fail at a scene until they are let go, and what people do with them.
/// </summary>
internal static class Stage
{
    public static Task<ServerUnderTest> StartAsync(HeldGenerator generator) =>
        ServerUnderTest.StartAsync(also: kinds =>
            kinds.AddKind(new GenerationKind()).AddDriver(_ => new GenerationDriver(generator)));

    /// <summary>Begins a generation under this id.</summary>
    public static async Task BeginAsync(
        this ServerUnderTest server, string id, int scenes, string? story = null)
    {
        var parameters = new { storyText = story ?? Samples.Lighthouse, numScenes = scenes };
        var reply = await server.SendAsync("PUT", $"/v1/generation/{id}", JsonSerializer.Serialize(parameters));
        reply.Has("state").ShouldBeTrue(reply.Text);
    }

    /// <summary>Lets go of files over the page, as somebody does who has dragged them there.</summary>
    public static async Task DropAsync(this IPage page, params (string Name, string Text)[] files)
    {
        var told = files.Select(file => new { name = file.Name, text = file.Text }).ToArray();
        await using var transfer = await page.EvaluateHandleAsync(
            """
            files => {
                const transfer = new DataTransfer()
                for (const { name, text } of files) transfer.items.add(new File([text], name))
                return transfer
            }
            """, told);
        await page.DispatchEventAsync("main", "dragover", new { dataTransfer = transfer });
        await page.DispatchEventAsync("main", "drop", new { dataTransfer = transfer });
    }

    /// <summary>The card of a scene, be it there or to come.</summary>
    public static ILocator Scene(this ConsoleUnderTest console, int number) =>
        console.Page.Locator($"sj-scene:has(#scene-{number})");

    /// <summary>Waits until so many pictures are there and painted.</summary>
    public static Task PicturesAsync(this ConsoleUnderTest console, int count) => console.Page.WaitForFunctionAsync(
        "count => [...document.querySelectorAll('sj-scene img')]"
            + ".filter(image => image.complete && image.naturalWidth > 0).length === count", count);
}
