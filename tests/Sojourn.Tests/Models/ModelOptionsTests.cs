using Sojourn.Models;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Models;

public sealed class ModelOptionsTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var options = new ModelOptions
        {
            BaseUrl = "https://me:secret@example.org/v1",
            ImageSize = "large",
            KeyFile = Path.Combine(_scratch.Path, "nothing"),
            CallTimeout = TimeSpan.FromMilliseconds(999),
            Retries = 11,
            MaxConcurrent = 0,
            MaxOutputTokens = 99,
            MaxPictureBytes = (4 << 20) + 1,
            MaxTokens = 0,
            MaxCost = 1,
            Fallback = (ModelFallback)7,
        };

        var told = Should.Throw<SojournException>(() => new ModelGenerator(options)).Message;

        foreach (var name in (string[])["BaseUrl", "TextModel", "ImageModel", "ImageSize", "CallTimeout", "Retries",
            "MaxConcurrent", "MaxOutputTokens", "MaxPictureBytes", "MaxTokens", "MaxCost holds nothing back",
            "Fallback", "The file"])
        {
            told.ShouldContain(name);
        }

        told.ShouldNotContain("secret");
    }

    [Fact]
    public void Each_limit_may_be_reached()
    {
        Faults(options => (options.Retries, options.MaxConcurrent, options.MaxOutputTokens) = (0, 1, 100))
            .ShouldBeEmpty();
        Faults(options => (options.Retries, options.MaxConcurrent, options.MaxOutputTokens) = (10, 100, 100_000))
            .ShouldBeEmpty();
        Faults(options => (options.CallTimeout, options.MaxPictureBytes) = (TimeSpan.FromSeconds(1), 64 << 10))
            .ShouldBeEmpty();
        Faults(options => (options.CallTimeout, options.MaxPictureBytes) = (TimeSpan.FromMinutes(20), 4 << 20))
            .ShouldBeEmpty();
        Faults(options => (options.MaxTokens, options.MaxCost, options.InputPrice) = (1, 0.01m, 0.01m)).ShouldBeEmpty();
        Faults(options => options.MaxTokens = 1_000_000_000).ShouldBeEmpty();
        Faults(options => options.MaxTokens = 1_000_000_001).ShouldHaveSingleItem();
        Faults(options => (options.MaxCost, options.InputPrice) = (0, 1)).ShouldHaveSingleItem();
        Faults(options => options.PicturePrice = -0.01m).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_key_comes_from_a_file_or_a_variable_and_not_from_both()
    {
        var file = _scratch.File("key", "  sk-from-a-file  \n");
        // One of this test's own: variables belong to the whole process.
        Environment.SetEnvironmentVariable("SOJOURN_TESTS_MODEL_KEY", "sk-from-a-variable");

        Read(file, null).ToString().ShouldBe($"the key in the file {file}");
        Read(file, null).Scrub("It is SK-FROM-A-FILE.").ShouldBe("It is (the key).");
        Read(null, "SOJOURN_TESTS_MODEL_KEY").Scrub("sk-from-a-variable!").ShouldBe("(the key)!");
        Read(null, null).ToString().ShouldBe("no key");
        Faults(options => (options.KeyFile, options.KeyVariable) = (file, "SOJOURN_TESTS_MODEL_KEY"))
            .ShouldHaveSingleItem().ShouldContain("not both");
        Faults(options => options.KeyVariable = "SOJOURN_TESTS_NO_SUCH_KEY").ShouldHaveSingleItem()
            .ShouldContain("SOJOURN_TESTS_NO_SUCH_KEY is not set");
    }

    [Theory]
    [InlineData("")]
    [InlineData("your_api_key")]
    [InlineData("Your-Key-Here")]
    [InlineData("two words")]
    [InlineData("schlüssel")]
    public void What_is_no_key_is_told_without_repeating_it(string content)
    {
        var fault = Faults(options => options.KeyFile = _scratch.File("key", content)).ShouldHaveSingleItem();

        fault.ShouldContain("must hold a key");
        if (content.Length > 0)
        {
            fault.ShouldNotContain(content);
        }
    }

    [Theory]
    [InlineData(4_096, true)]
    [InlineData(4_097, false)]
    public void A_key_has_a_longest_length(int length, bool isTaken) =>
        Faults(options => options.KeyFile = _scratch.File("key", new string('k', length)))
            .Count.ShouldBe(isTaken ? 0 : 1);

    private static ModelKey Read(string? file, string? variable)
    {
        ModelKey.Read(new ModelOptions { KeyFile = file, KeyVariable = variable }, out var key).ShouldBeEmpty();
        return key;
    }

    private static List<string> Faults(Action<ModelOptions> change)
    {
        var options = new ModelOptions { TextModel = "text", ImageModel = "image" };
        change(options);
        return [.. options.Faults()];
    }
}
