namespace Sojourn.Tests.Tidy;

/// <summary>A check that cannot fail checks nothing: each sees a bad snippet, and passes its good neighbour.</summary>
public sealed class ShapeCheckersCanFail
{
    [Theory]
    [InlineData(400, 0)]
    [InlineData(401, 1)]
    public void A_file_may_have_400_lines(int lines, int findings) =>
        FileLength.Check(Code(string.Concat(Enumerable.Repeat("//\n", lines)))).Count().ShouldBe(findings);

    [Theory]
    [InlineData(120, 0)]
    [InlineData(121, 1)]
    public void A_line_may_have_120_columns(int columns, int findings) =>
        LineWidth.Check(Code("//\n" + new string('x', columns))).Count(finding => finding.Line == 2).ShouldBe(findings);

    [Theory]
    [InlineData(57, 0)]
    [InlineData(58, 1)]
    public void A_method_may_have_60_lines_with_its_head_and_braces(int statements, int findings)
    {
        var body = string.Concat(Enumerable.Repeat("    x++;\n", statements));
        var method = $"class C\n{{\n    [Fact]\n    void M(int x)\n    {{\n{body}    }}\n}}";
        MethodLength.Check(Code(method)).Count(finding => finding.Line == 4).ShouldBe(findings);
    }

    [Fact]
    public void A_programs_top_level_is_a_method_too() =>
        MethodLength.Check(Code(string.Concat(Enumerable.Repeat("Run();\n", 61)))).ShouldHaveSingleItem();

    [Fact]
    public void Four_deep_is_found_where_it_begins() => Nesting.Check(Code("""
        class C
        {
            void M(int x)
            {
                foreach (var a in b)
                {
                    while (x > 0)
                    {
                        if (x > 1)
                        {
                            try { if (x > 2) { } } finally { }
                        }
                    }
                }
            }
        }
        """)).ShouldHaveSingleItem().Line.ShouldBe(11);

    [Fact]
    public void A_chain_of_else_if_and_a_lambda_do_not_nest() => Nesting.Check(Code("""
        if (a) { } else if (b) { } else if (c) { } else if (d) { }
        if (a) { if (b) { if (c) { Do(() => { if (d) { } }); } } }
        """)).ShouldBeEmpty();

    [Theory]
    [InlineData("class C(int a, int b, int c, int d, int e, int f);", 1)]
    [InlineData("class C { public C(int a, int b, int c, int d, int e, int f) { } }", 1)]
    [InlineData("class C(int a, int b, int c, int d, int e);", 0)]
    [InlineData("record R(int A, int B, int C, int D, int E, int F);", 0)]
    public void Six_arguments_are_for_records(string code, int findings) =>
        ConstructorArguments.Check(Code(code)).Count().ShouldBe(findings);

    [Theory]
    [InlineData(19, 0)]
    [InlineData(18, 1)]
    public void One_type_in_twenty_may_be_an_interface(int classes, int findings)
    {
        var code = "interface IOne; " + string.Concat(Enumerable.Range(0, classes).Select(each => $"class C{each};"));
        Interfaces.CheckShare([Code(code)]).Count().ShouldBe(findings);
    }

    [Theory]
    [InlineData("`IStore` keeps: `Memory`,\n`Disk`.", 0)]
    [InlineData("`IStore` keeps: `Memory`.\n\nAlso `Disk`.", 1)]
    [InlineData("Stores keep.", 1)]
    public void An_interface_is_listed_with_its_implementations(string architecture, int findings)
    {
        var code = Code(
            "interface IStore { void Keep(); } class Memory : IStore; class Disk : Old, IStore; class Old;");
        Interfaces.CheckListed([code], new SourceFile("ARCHITECTURE.md", architecture)).Count().ShouldBe(findings);
    }

    [Fact]
    public void A_marker_needs_no_list_of_what_it_marks() => Interfaces.CheckListed(
        [Code("interface ICommand; record Add : ICommand;")],
        new SourceFile("ARCHITECTURE.md", "`ICommand` marks a request.")).ShouldBeEmpty();

    [Theory]
    [InlineData("class Open;", 1)]
    [InlineData("record Open;", 1)]
    [InlineData("record struct Value; abstract class Parent; static class Rules; sealed class Leaf;", 0)]
    [InlineData("sealed partial class Part; partial class Part;", 0)]
    public void An_open_class_is_found(string code, int findings) =>
        SealedShare.Check([Code(code)]).Count().ShouldBe(findings);

    [Fact]
    public void A_region_is_found() =>
        Regions.Check(Code("class C\n{\n#region Fields\n#endregion\n}")).ShouldHaveSingleItem().Line.ShouldBe(3);

    private static SourceFile Code(string text) => new("src/Sojourn/Sample.cs", text);
}
