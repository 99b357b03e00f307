using System.Diagnostics;
using Matriarch.Core;
using Matriarch.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Matriarch.Postgres.Tests;

public sealed class LogRotationTests : IDisposable
{
    private static readonly LogOptions Options = new() { MaxBytes = 64 * 1024, Kept = 2 };

    private const int TooMuch = (64 * 1024) + 1;

    private readonly string _directory = Directory.CreateTempSubdirectory("matriarch-log-").FullName;
    private readonly string _file;
    private readonly LogRotation _rotation;

    public LogRotationTests()
    {
        _file = Path.Combine(_directory, "a b.log");
        _rotation = new LogRotation(_file, Options, TestTime.Real, NullLogger.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_file_that_is_missing_or_short_is_left_alone()
    {
        Assert.False(await _rotation.LookAsync(Cancellation));
        Append('a', Options.MaxBytes);
        Assert.False(await _rotation.LookAsync(Cancellation));
        Assert.Equal(["a b.log"], Files());
    }

    [Fact]
    public async Task A_long_one_is_set_aside_and_who_appends_goes_on_at_its_beginning()
    {
        using var program = AppendingProgram();
        foreach (var letter in "abcd")
        {
            await WriteAsync(program, new string(letter, TooMuch));
            Assert.True(await _rotation.LookAsync(Cancellation));
        }

        await WriteAsync(program, "e");
        program.StandardInput.Close();
        await program.WaitForExitAsync(Cancellation);

        Assert.Equal(["a b.log", "a b.log.1", "a b.log.2"], Files());
        Assert.Equal("e", await File.ReadAllTextAsync(_file, Cancellation));
        Assert.Equal(new string('d', TooMuch), await File.ReadAllTextAsync(_file + ".1", Cancellation));
        Assert.Equal(new string('c', TooMuch), await File.ReadAllTextAsync(_file + ".2", Cancellation));
    }

    [Fact]
    public async Task One_that_cannot_be_set_aside_stays_as_it_is_and_is_tried_again()
    {
        Append('a', TooMuch);
        var inTheWay = Path.Combine(_file + ".new", "something");
        Directory.CreateDirectory(inTheWay);
        Assert.False(await _rotation.LookAsync(Cancellation));
        Assert.Equal(TooMuch, new FileInfo(_file).Length);

        Directory.Delete(_file + ".new", recursive: true);
        Assert.True(await _rotation.LookAsync(Cancellation));
    }

    [Fact]
    public async Task Zero_is_never()
    {
        Append('a', 1024 * 1024);
        var never = new LogRotation(_file, new LogOptions { MaxBytes = 0 }, TestTime.Real, NullLogger.Instance);
        Assert.False(await never.LookAsync(Cancellation));
    }

    private Process AppendingProgram()
    {
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", "while IFS= read -r line; do printf %s \"$line\"; done >> \"$0\"", _file])
        {
            UseShellExecute = false, RedirectStandardInput = true,
        };
        return Process.Start(start)!;
    }

    private async Task WriteAsync(Process program, string text)
    {
        await program.StandardInput.WriteLineAsync(text);
        await program.StandardInput.FlushAsync(Cancellation);
        await Eventually.HoldsAsync(
            "the program has written", () => File.Exists(_file) && new FileInfo(_file).Length == text.Length);
    }

    private string[] Files() => [.. Directory.GetFiles(_directory).Select(f => Path.GetFileName(f)!).Order()];

    private void Append(char letter, long times) => File.AppendAllText(_file, new string(letter, (int)times));
}
