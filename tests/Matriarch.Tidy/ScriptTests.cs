namespace Matriarch.Tidy;

public sealed class ScriptTests
{
    [Fact]
    public void Shell_scripts_are_sound() =>
        Verdict.Clean(
            "Shell scripts pass sh -n (and shellcheck, where it is installed).",
            Repository.Files.AsParallel().SelectMany(f => ScriptRules.Check(f, Absolute(f))));

    [Fact]
    public void Programs_can_be_executed() =>
        Verdict.Clean("Scripts can be executed.",
            Repository.Files.SelectMany(f => ScriptRules.Mode(f, File.GetUnixFileMode(Absolute(f)))));

    [Theory]
    [InlineData("a", "#!/bin/sh\nif true; then\n")]
    [InlineData("a", "#!/usr/bin/env bash\nx=(\n")]
    [InlineData("a.sh", "case x in\n")]
    public void A_broken_script_is_found(string name, string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            Assert.NotEmpty(ScriptRules.Check(new(name, text), path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_is_no_shell_script_is_left_alone() =>
        Assert.Null(ScriptRules.ShellOf(new("a.py", "#!/usr/bin/env python3\nif True:\n")));

    [Fact]
    public void A_program_that_cannot_be_executed_is_found() =>
        Verdict.Finds("chmod", ScriptRules.Mode(new("a", "#!/bin/sh\n"),
            UnixFileMode.UserRead | UnixFileMode.GroupExecute));

    private static string Absolute(SourceFile file) => Path.Combine(Repository.Root, file.Path);
}
