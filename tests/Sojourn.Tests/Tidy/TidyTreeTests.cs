namespace Sojourn.Tests.Tidy;

/// <summary>Holds the limits over the whole repository. Each failure names the places and what to do.</summary>
public sealed class TidyTreeTests
{
    private static SourceTree Tree => SourceTree.Here;

    private static IReadOnlyList<SourceFile> Kinds =>
        [.. Tree.Shipped.Where(file => file.IsUnder("src/Sojourn.Kinds"))];

    [Fact]
    public void The_tree_that_is_checked_is_the_repository()
    {
        Tree.Find("src/Sojourn/Kind.cs").ShouldNotBeNull();
        Tree.Find("build.sh").ShouldNotBeNull();
        Tree.Shipped.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void A_file_is_short_enough_to_know_by_heart() => Tree.Code.SelectMany(FileLength.Check).ShouldBeNone();

    [Fact]
    public void A_line_fits_the_page() => Tree.Code.SelectMany(LineWidth.Check).ShouldBeNone();

    [Fact]
    public void A_method_fits_the_screen() => Tree.CSharp.SelectMany(MethodLength.Check).ShouldBeNone();

    [Fact]
    public void Nothing_is_nested_more_than_three_deep() => Tree.CSharp.SelectMany(Nesting.Check).ShouldBeNone();

    [Fact]
    public void A_constructor_takes_five_arguments_at_most() =>
        Tree.CSharp.SelectMany(ConstructorArguments.Check).ShouldBeNone();

    [Fact]
    public void Interfaces_are_few() => Interfaces.CheckShare(Tree.Shipped).ShouldBeNone();

    [Fact]
    public void Each_interface_is_listed_with_its_implementations()
    {
        var architecture = Tree.Find("ARCHITECTURE.md");
        architecture.ShouldNotBeNull("ARCHITECTURE.md is to list the interfaces with their implementations.");
        Interfaces.CheckListed(Tree.Shipped, architecture).ShouldBeNone();
    }

    [Fact]
    public void Nine_classes_in_ten_are_sealed_or_static() => SealedShare.Check(Tree.Shipped).ShouldBeNone();

    [Fact]
    public void No_code_hides_in_a_region() => Tree.CSharp.SelectMany(Regions.Check).ShouldBeNone();

    [Fact]
    public void Rules_read_no_clock_no_chance_and_nothing_outside() => PureRules.Check(Kinds).ShouldBeNone();

    [Fact]
    public void The_engine_takes_time_and_chance_from_its_host() =>
        Tree.CSharp.Where(file => file.IsUnder("src/Sojourn")).SelectMany(EngineClock.Check).ShouldBeNone();

    [Fact]
    public void No_kind_names_another() => KindsApart.Check(Kinds).ShouldBeNone();

    [Fact]
    public void The_tool_reaches_no_further_than_the_client() => CliReach.Check(Tree.Shipped).ShouldBeNone();

    [Fact]
    public void No_exception_is_swallowed_in_silence() => Tree.CSharp.SelectMany(SilentCatch.Check).ShouldBeNone();

    [Fact]
    public void No_thread_waits_for_a_task() =>
        Tree.Shipped.SelectMany(BlockingWaits.Check).Unless(Allowances.BlockingWaits).ShouldBeNone();

    [Fact]
    public void No_unit_test_sleeps() => Tree.CSharp.Where(file => file.IsUnder("tests/Sojourn.Tests"))
        .SelectMany(SleepingTests.Check).Unless(Allowances.Sleeps).ShouldBeNone();

    [Fact]
    public void No_test_mocks() => Tree.Texts.Where(file => Path.GetExtension(file.Path) is ".csproj" or ".props")
        .SelectMany(MockLibraries.Check).ShouldBeNone();

    [Fact]
    public void Every_path_in_a_document_leads_somewhere() => Tree.Documents
        .SelectMany(document => DocumentPaths.Check(document, Tree.Exists, Tree.Paths)).ShouldBeNone();

    [Fact]
    public void Every_verb_and_option_in_a_document_exists()
    {
        IReadOnlyList<SourceFile> programs = [.. Tree.CSharp.Where(file =>
            file.IsUnder("src/Sojourn.Cli") || file.IsUnder("bench") || file.IsUnder("tests/Sojourn.Crash"))];
        var door = Tree.Find("build.sh").ShouldNotBeNull();
        Tree.Documents.SelectMany(document => DocumentCommands.Check(document, programs, door)).ShouldBeNone();
    }

    [Fact]
    public void Every_type_in_a_document_exists()
    {
        var known = DocumentNames.Known(Tree.CSharp);
        Tree.Documents.SelectMany(document => DocumentNames.Check(document, known)).ShouldBeNone();
    }

    [Fact]
    public void Nothing_names_the_machine_it_was_written_on() =>
        Tree.Texts.SelectMany(Traces.CheckMachines).ShouldBeNone();

    [Fact]
    public void Nothing_was_left_for_later() => Tree.Texts.SelectMany(Traces.CheckUnfinished).ShouldBeNone();
}
