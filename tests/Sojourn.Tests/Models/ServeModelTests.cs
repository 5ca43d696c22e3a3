using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sojourn.Cli;
using Sojourn.Models;
using Sojourn.Tests.Cli;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Models;

/// <summary>The server, told by its configuration to let models make the storyboards.</summary>
public sealed class ServeModelTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    private string Data => Path.Combine(_scratch.Path, "data");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_server_configured_so_makes_storyboards_by_models_and_shows_the_key_to_nobody()
    {
        await using var model = await PretendModel.StartAsync();
        model.Next(PretendModel.Images, PretendModel.Fail(400, new { message = $"Wrong key {Easel.Key}!" }));
        await using var serve = await ServeUnderTest.StartAsync(Data, Config(model, "\"PicturePrice\": 0.04,"));

        serve.Output.ToString().ShouldContain($"storyboards: pretend-text and pretend-image at {model.BaseUrl}");
        var failed = await MakeAsync(serve, HttpMethod.Put, "/v1/generation/mine");
        ((string?)failed["status"]).ShouldBe("failed");
        var refused = await serve.Http.PostAsync("/v1/generation/mine/approve-scenes", Json("""{"scenes":[1]}"""));
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var done = await MakeAsync(serve, HttpMethod.Post, "/v1/generation/mine/retry");

        ((string?)done["status"]).ShouldBe("completed");
        done["state"]!["usage"]!.ToJsonString()
            .ShouldBe("""{"calls":7,"promptTokens":280,"completionTokens":120,"images":2,"cost":0.08}""");
        string[] said =
        [
            serve.Output.ToString(), serve.Error.ToString(), failed.ToJsonString(), done.ToJsonString(),
            await refused.Content.ReadAsStringAsync(),
            await serve.Http.GetStringAsync("/v1/generation/mine/events"),
            await serve.Http.GetStringAsync("/health/ready"),
        ];
        said.ShouldAllBe(text => !text.Contains(Easel.Key));
        said[2].ShouldContain("Wrong key (the key)!");
    }

    [Fact]
    public async Task The_command_line_shows_what_models_were_used_for_and_what_was_made_without_them()
    {
        await using var model = await PretendModel.StartAsync();
        model.Next(PretendModel.Images, PretendModel.Fail(400, new { message = "Not such a picture." }));
        await using var serve = await ServeUnderTest.StartAsync(
            Data, Config(model, "\"Fallback\": \"embedded\", \"PicturePrice\": 0.04,"));

        var made = await RunAsync(serve, "generate", "-", "--scenes", "2", "--id", "mine",
            "--out", Path.Combine(_scratch.Path, "s.zip"));
        made.ExitCode.ShouldBe(ExitCodes.Done, made.Error);
        var shown = await RunAsync(serve, "get", "generation/mine");

        foreach (var said in (string[])[made.Out, shown.Out])
        {
            said.ShouldMatch(@"Models: \d calls, \d+ tokens read and \d+ written, \d pictures, cost 0\.\d+\.");
            said.ShouldContain("Made by the embedded generator, because the model could not:");
            said.ShouldContain("  picture of scene 1: ");
        }
    }

    [Fact]
    public async Task Without_a_model_nothing_is_said_of_models()
    {
        await using var serve = await ServeUnderTest.StartAsync(Data);
        var made = await RunAsync(serve, "generate", "-", "--scenes", "2", "--id", "mine",
            "--out", Path.Combine(_scratch.Path, "s.zip"));
        made.ExitCode.ShouldBe(ExitCodes.Done, made.Error);
        made.Out.ShouldNotContain("Models:");
        made.Out.ShouldNotContain("embedded generator");
    }

    [Fact]
    public async Task Without_a_model_the_greeting_says_so_too()
    {
        await using var serve = await ServeUnderTest.StartAsync(Data);
        serve.Output.ToString().ShouldContain("storyboards: embedded, without a model");
    }

    [Fact]
    public void Each_setting_of_a_model_is_read()
    {
        var key = _scratch.File("model-key", Easel.Key);
        var options = ServeConfig.Read(_scratch.File("good.json", $$"""
            {
              "model": {
                "BaseUrl": "https://models.example.org/v1", "TextModel": "a", "imageModel": "b",
                "ImageSize": "512x512", "KeyFile": {{JsonSerializer.Serialize(key)}}, "CallTimeout": "45s",
                "Retries": 2, "MaxConcurrent": 3, "MaxOutputTokens": 900, "MaxPictureBytes": 1000000,
                "MaxTokens": 100000, "MaxCost": 0.5, "InputPrice": 0.15, "OutputPrice": 0.6, "PicturePrice": 0.04,
                "Fallback": "embedded"
              }
            }
            """));
        options.UsesModel.ShouldBeTrue();
        options.Model.ShouldBeEquivalentTo(new ModelOptions
        {
            BaseUrl = "https://models.example.org/v1",
            TextModel = "a",
            ImageModel = "b",
            ImageSize = "512x512",
            KeyFile = key,
            CallTimeout = TimeSpan.FromSeconds(45),
            Retries = 2,
            MaxConcurrent = 3,
            MaxOutputTokens = 900,
            MaxPictureBytes = 1_000_000,
            MaxTokens = 100_000,
            MaxCost = 0.5m,
            InputPrice = 0.15m,
            OutputPrice = 0.6m,
            PicturePrice = 0.04m,
            Fallback = ModelFallback.Embedded,
        });
    }

    [Fact]
    public async Task All_faults_of_the_section_are_told_at_once_and_before_anything_is_made()
    {
        var file = _scratch.File("bad.json", """
            {
              "Model": { "Url": "x", "TextModel": 1, "MaxCost": "much", "Fallback": "hope", "CallTimeout": "20min",
                         "KeyVariable": "SOJOURN_TESTS_NO_SUCH_KEY" },
              "Generation": { "StuckAfter": "20min" }
            }
            """);
        var refused = await Should.ThrowAsync<UsageException>(() => ServeUnderTest.StartAsync(Data, file));
        foreach (var name in (string[])["Model:Url", "Model:TextModel", "Model:MaxCost", "Model:Fallback",
            "Model: ImageModel", "SOJOURN_TESTS_NO_SUCH_KEY", "must be shorter than Generation:StuckAfter"])
            refused.Message.ShouldContain(name);
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public void An_empty_section_is_told_what_it_lacks() =>
        Should.Throw<UsageException>(() => ServeConfig.Read(_scratch.File("empty.json", """{ "Model": {} }""")))
            .Message.ShouldContain("TextModel");

    private string Config(PretendModel model, string more) => _scratch.File("serve.json", $$"""
        {
          "Model": {
            {{more}}
            "BaseUrl": "{{model.BaseUrl}}", "TextModel": "pretend-text", "ImageModel": "pretend-image",
            "KeyFile": {{JsonSerializer.Serialize(_scratch.File("model-key", Easel.Key))}}
          }
        }
        """);

    private Task<CliRun> RunAsync(ServeUnderTest serve, params string[] words) => CliRun.OfAsync(
        new CliSurroundings
        {
            Server = serve.Url,
            InputText = "One two three. Four five six. Seven eight.",
            Environment = new() { ["SOJOURN_DATA"] = Data },
        },
        words);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>Begins work, follows its events to their end, and gives the session.</summary>
    private static async Task<JsonNode> MakeAsync(ServeUnderTest serve, HttpMethod method, string path)
    {
        var before = JsonNode.Parse(await GetOrEmptyAsync(serve))!["lastEvent"];
        using var request = new HttpRequestMessage(method, path)
        {
            Content = method == HttpMethod.Put
                ? Json("""{"storyText":"One two three. Four five six. Seven eight.","numScenes":2}""") : null,
        };
        (await serve.Http.SendAsync(request)).EnsureSuccessStatusCode();
        using var patience = new CancellationTokenSource(ServerUnderTest.Patience);
        using var watch = new HttpRequestMessage(HttpMethod.Get, "/v1/generation/mine/events");
        watch.Headers.Accept.ParseAdd("text/event-stream");
        if (before is not null)
            watch.Headers.TryAddWithoutValidation("Last-Event-ID", (string?)before);
        using var answer = await serve.Http.SendAsync(watch, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line is "event: generation-completed" or "event: generation-failed")
                break;
        }

        return JsonNode.Parse(await serve.Http.GetStringAsync("/v1/generation/mine"))!;
    }

    private static async Task<string> GetOrEmptyAsync(ServeUnderTest serve)
    {
        using var answer = await serve.Http.GetAsync("/v1/generation/mine");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : "{}";
    }
}
