using System.Diagnostics;
using System.Globalization;

namespace Matriarch.Cli.Tests;

public sealed class ProcessIdentityTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-cli-").FullName;
    private readonly Process _process = Process.Start("sleep", "600");

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_process_is_found_again_by_its_file()
    {
        var identity = ProcessIdentity.Of(_process.Id)!;
        PidFile.Write(PidPath, identity);

        Assert.Equal(identity, PidFile.FindRunning(PidPath));
    }

    [Fact]
    public void A_recycled_process_id_is_neither_found_nor_signalled()
    {
        var remembered = ProcessIdentity.Of(_process.Id)! with { StartTicks = 1 };
        PidFile.Write(PidPath, remembered);

        Assert.Null(PidFile.FindRunning(PidPath));
        Assert.False(remembered.Signal(Signals.Kill));
        Assert.False(_process.HasExited);
    }

    [Fact]
    public void A_process_of_an_earlier_boot_is_not_found()
    {
        PidFile.Write(PidPath, ProcessIdentity.Of(_process.Id)! with { Boot = "an-earlier-one" });

        Assert.Null(PidFile.FindRunning(PidPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("x\ny\nz\n")]
    public void A_damaged_file_names_nobody(string content)
    {
        File.WriteAllText(PidPath, content);

        Assert.Null(PidFile.FindRunning(PidPath));
    }

    [Fact]
    public void A_process_that_ended_is_gone()
    {
        var identity = ProcessIdentity.Of(_process.Id)!;
        Assert.True(identity.Signal(Signals.Kill));
        _process.WaitForExit();

        Assert.False(identity.IsAlive);
        Assert.False(identity.Signal(Signals.Kill));
    }

    [Fact]
    public void A_postmaster_file_that_names_another_process_finds_no_server()
    {
        File.WriteAllText(
            Path.Combine(_directory, "postmaster.pid"), _process.Id.ToString(CultureInfo.InvariantCulture) + "\n");

        Assert.Null(LocalPostmaster.Find(_directory));
    }

    private string PidPath => Path.Combine(_directory, "agent-a.pid");
}
