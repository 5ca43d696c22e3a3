namespace Sojourn.Tests.Tidy;

public sealed class BoundaryCheckersCanFail
{
    private const string Kinds = "src/Sojourn.Kinds/";

    [Theory]
    [InlineData("var now = DateTime.UtcNow;")]
    [InlineData("var now = System.DateTimeOffset.Now;")]
    [InlineData("var x = Random.Shared.Next();")]
    [InlineData("var x = new Random(1);")]
    [InlineData("var id = Guid.NewGuid();")]
    [InlineData("File.Delete(name);")]
    [InlineData("System.IO.Directory.Delete(name);")]
    [InlineData("using var client = new HttpClient();")]
    [InlineData("Process.Start(name);")]
    [InlineData("Console.WriteLine(name);")]
    public void A_rule_that_looks_outside_is_found(string statement) => PureRules.Check(
    [
        new SourceFile(Kinds + "Play/PlayKind.cs",
            $"class PlayKind : Kind<Play> {{ void M(string name) {{ {statement} }} }}"),
    ]).ShouldHaveSingleItem();

    [Fact]
    public void So_is_what_a_rule_reaches_in_another_file() => PureRules.Check(
    [
        new SourceFile(Kinds + "Play/Save.cs",
            "sealed record Save(string Game) : ICommand { Slot Slot => Slots.First(); }"),
        new SourceFile(Kinds + "Play/Slots.cs", "static class Slots { static Slot First() => new(Guid.NewGuid()); }"),
    ]).ShouldHaveSingleItem().Path.ShouldBe(Kinds + "Play/Slots.cs");

    [Fact]
    public void A_driver_and_what_only_it_names_may_work_outside() => PureRules.Check(
    [
        new SourceFile(Kinds + "Play/PlayKind.cs",
            "sealed class PlayKind : Kind<Play> { PlayDriver? Driver { get; } }"),
        new SourceFile(Kinds + "Play/PlayDriver.cs",
            "sealed class PlayDriver { Disk Disk = new(); void M() => Console.Beep(); }"),
        new SourceFile(Kinds + "Play/Disk.cs", "sealed class Disk { void Delete(string name) => File.Delete(name); }"),
    ]).ShouldBeEmpty();

    [Fact]
    public void A_property_that_is_called_like_a_banned_type_is_not_one() => PureRules.Check(
    [
        new SourceFile(Kinds + "Play/Save.cs",
            "sealed record Save(Slot File, Child Process) : ICommand { int Size => File.Size + this.Process.Size; }"),
    ]).ShouldBeEmpty();

    [Theory]
    [InlineData("DateTimeOffset.UtcNow", 1)]
    [InlineData("Random.Shared.Next()", 1)]
    [InlineData("clock.GetUtcNow()", 0)]
    [InlineData("\"DateTime.UtcNow\"", 0)]
    public void An_engine_that_reads_the_machines_clock_is_found(string expression, int findings) =>
        EngineClock.Check(new SourceFile("src/Sojourn/Sample.cs", $"var x = {expression};")).Count().ShouldBe(findings);

    [Theory]
    [InlineData("using Sojourn.Kinds.Parties;", 1)]
    [InlineData("class C { Parties.Party? party; }", 1)]
    [InlineData("class C { int x = Sojourn.Kinds.Parties.Party.Size; }", 1)]
    [InlineData("class C { int x = Parties.Count; }", 0)]
    [InlineData("using Sojourn.Kinds.Play;", 0)]
    public void A_kind_that_names_another_is_found(string code, int findings) => KindsApart.Check(
    [
        new SourceFile(Kinds + "Play/PlayKind.cs", code),
        new SourceFile(Kinds + "Parties/Party.cs", "sealed record Party;"),
        new SourceFile(Kinds + "KindsExtensions.cs", "using Sojourn.Kinds.Play; using Sojourn.Kinds.Parties;"),
    ]).Count().ShouldBe(findings);

    [Theory]
    [InlineData("ListVerb.cs", "using Sojourn.Server;", 1)]
    [InlineData("ListVerb.cs", "using Sojourn;", 1)]
    [InlineData("ListVerb.cs", "using static Sojourn.Engine.Limits;", 1)]
    [InlineData("ListVerb.cs", "class C { Sojourn.Sqlite.Journal? journal; }", 1)]
    [InlineData("ListVerb.cs", "class C { Policy? policy; }", 1)]
    [InlineData("ListVerb.cs", "using Sojourn.Client; class C { SessionId? id; int x = Policy.Size; }", 0)]
    [InlineData("ServeVerb.cs", "using Sojourn.Server;", 0)]
    [InlineData("Saves/SavesVerb.cs", "using Sojourn.Kinds.Play.Saves;", 0)]
    [InlineData("SavesVerb.cs", "using Sojourn.Kinds.Play.Saves;", 1)]
    public void A_verb_that_reaches_past_the_client_is_found(string name, string code, int findings) => CliReach.Check(
    [
        new SourceFile("src/Sojourn.Cli/" + name, code),
        new SourceFile("src/Sojourn/Policy.cs",
            "namespace Sojourn; public sealed record Policy; public record SessionId;"),
        new SourceFile("src/Sojourn.Client/SessionId.cs", "namespace Sojourn.Client; public sealed record SessionId;"),
    ]).Count().ShouldBe(findings);
}
