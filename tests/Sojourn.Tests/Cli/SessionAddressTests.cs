using Sojourn.Cli;

namespace Sojourn.Tests.Cli;

public sealed class SessionAddressTests
{
    [Theory]
    [InlineData("generation-01hzx3k9v7m2q4r8s6t0w5y1ab", "generation", "generation-01hzx3k9v7m2q4r8s6t0w5y1ab")]
    [InlineData("space-game-01hzx3k9v7m2q4r8s6t0w5y1ab", "space-game", "space-game-01hzx3k9v7m2q4r8s6t0w5y1ab")]
    [InlineData("generation/my-story", "generation", "my-story")]
    [InlineData("party/generation-01hzx3k9v7m2q4r8s6t0w5y1ab", "party", "generation-01hzx3k9v7m2q4r8s6t0w5y1ab")]
    public void A_session_is_named_by_a_generated_id_or_by_kind_and_id(string text, string kind, string id)
    {
        SessionAddress.TryParse(text, out var address).ShouldBeTrue();

        (address!.Kind, address.Id).ShouldBe((kind, id));
        address.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("my-story")]
    [InlineData("generation/")]
    [InlineData("/x")]
    [InlineData("generation/../x")]
    [InlineData("generation/a/b")]
    [InlineData("generation/A")]
    [InlineData("-01hzx3k9v7m2q4r8s6t0w5y1ab")]
    [InlineData("generation-01hzx3k9v7m2q4r8s6t0w5y1a")]
    [InlineData("generation-01hzx3k9v7m2q4r8s6t0w5y1aL")]
    public void Anything_else_names_none(string text) => SessionAddress.TryParse(text, out _).ShouldBeFalse();
}
