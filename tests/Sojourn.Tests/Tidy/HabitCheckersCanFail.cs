namespace Sojourn.Tests.Tidy;

public sealed class HabitCheckersCanFail
{
    [Theory]
    [InlineData("try { } catch { }", 1)]
    [InlineData("try { } catch (Exception) { /* never mind */ }", 1)]
    [InlineData("try { } catch (IOException) { }", 1)]
    [InlineData("try { } catch (IOException) { /* The file is already gone, as it should be. */ }", 0)]
    [InlineData("try { } catch (Exception) { throw; }", 0)]
    public void A_swallowed_exception_is_found(string code, int findings) =>
        SilentCatch.Check(Code(code)).Count().ShouldBe(findings);

    [Theory]
    [InlineData("class C { async void M() { } }", 1)]
    [InlineData("async void Local() { }", 1)]
    [InlineData("work.Wait();", 1)]
    [InlineData("var x = ReadAsync(1).GetAwaiter().GetResult();", 1)]
    [InlineData("var x = store.ReadAsync(key, stop).Result;", 1)]
    [InlineData("var x = readTask.Result;", 1)]
    [InlineData("var x = combat.Result;", 0)]
    [InlineData("class C { async Task M() => await work; }", 0)]
    public void A_blocked_thread_and_a_lost_task_are_found(string code, int findings) =>
        BlockingWaits.Check(Code(code)).Count().ShouldBe(findings);

    [Theory]
    [InlineData("Thread.Sleep(5);", 1)]
    [InlineData("await System.Threading.Tasks.Task.Delay(5);", 1)]
    [InlineData("clock.Advance(TimeSpan.FromDays(5));", 0)]
    public void A_sleeping_test_is_found(string code, int findings) =>
        SleepingTests.Check(Code(code)).Count().ShouldBe(findings);

    [Fact]
    public void A_mock_library_is_found() => MockLibraries.Check(new SourceFile("tests/A/A.csproj",
        "<Project>\n  <PackageReference Include=\"NSubstitute\" />\n</Project>"))
        .ShouldHaveSingleItem().Line.ShouldBe(2);

    [Fact]
    public void An_allowance_covers_its_file_and_no_other()
    {
        Finding[] findings = [new("a.cs", 1, "sleeps"), new("b.cs", 2, "sleeps")];
        findings.Unless([new Allowance("a.cs", "It tests the clock.")]).ShouldHaveSingleItem().Path.ShouldBe("b.cs");
    }

    [Fact]
    public void An_allowance_that_is_not_needed_or_not_explained_is_found()
    {
        Finding[] findings = [new("a.cs", 1, "sleeps")];
        findings.Unless([new Allowance("a.cs", "Reason."), new Allowance("b.cs", "Reason.")]).ShouldHaveSingleItem();
        findings.Unless([new Allowance("a.cs", "")]).ShouldHaveSingleItem();
    }

    // Written in two halves, so that the check of this tree does not find its own examples.
    [Theory]
    [InlineData("// TO" + "DO: later", 1)]
    [InlineData("throw new NotImplemented" + "Exception();", 1)]
    [InlineData("// Hackers may do as they like.", 0)]
    public void Unfinished_work_is_found(string code, int findings) =>
        Traces.CheckUnfinished(Code(code)).Count().ShouldBe(findings);

    [Theory]
    [InlineData("cd /wor" + "k/tree", 1)]
    [InlineData("'/roo" + "t/.config'", 1)]
    [InlineData("/tmp/bash_" + "jobs/1", 1)]
    [InlineData("GET /v1/work/7", 0)]
    public void A_path_of_one_machine_is_found(string text, int findings) =>
        Traces.CheckMachines(new SourceFile("docs/a.md", text)).Count().ShouldBe(findings);

    private static SourceFile Code(string text) => new("src/Sojourn/Sample.cs", text);
}
