using System.Globalization;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Postgres;

/// <summary>
/// Keeps a file that a running program appends to bounded: one that has grown too large is copied to FILE.1, which
/// becomes FILE.2 first, and then emptied in place, since the program goes on writing to the same file. What is written
/// in the moment between the two is lost, as with logrotate's copytruncate; a program that does not append (">" instead
/// of ">>") would leave a hole.
/// </summary>
public sealed partial class LogRotation
{
    /// <summary>How often it is looked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    // As the user that owns the file: what root does in the directory of another user, that user can turn elsewhere.
    private const string Script =
        """
        umask 077
        cp -T -- "$0" "$0.new" || { rm -f -- "$0.new"; exit 1; }
        i=$1
        while [ "$i" -gt 1 ]; do
          j=$((i - 1))
          [ ! -e "$0.$j" ] || mv -fT -- "$0.$j" "$0.$i" || exit 1
          i=$j
        done
        mv -fT -- "$0.new" "$0.1" && : > "$0"
        """;

    private static readonly TimeSpan CopyLimit = TimeSpan.FromMinutes(1);

    private readonly string _file;
    private readonly OsUser? _user;
    private readonly LogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _isFailing;

    /// <summary>A file that the own user owns.</summary>
    public LogRotation(string file, LogOptions options, TimeProvider time, ILogger logger)
        : this(file, null, options, time, logger)
    {
    }

    internal LogRotation(string file, OsUser? user, LogOptions options, TimeProvider time, ILogger logger)
    {
        _file = file;
        _user = user;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, _time);
            do
            {
                await LookAsync(cancellation);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>Rotates once if the file is too large. What hinders is logged once, until it works again.</summary>
    /// <returns>Whether it was rotated.</returns>
    public async Task<bool> LookAsync(CancellationToken cancellation)
    {
        if (_options.MaxBytes == 0 || new FileInfo(_file) is not { Exists: true } found
            || found.Length <= _options.MaxBytes)
        {
            return false;
        }

        var fault = await RotateAsync(cancellation);
        if (fault is not null && !_isFailing)
        {
            LogNotRotated(_file, fault);
        }

        _isFailing = fault is not null;
        return fault is null;
    }

    private async Task<string?> RotateAsync(CancellationToken cancellation)
    {
        try
        {
            var result = await ProgramRun.ExecuteAsync(
                new ProgramRun.Request(
                    "/bin/sh", ["-c", Script, _file, _options.Kept.ToString(CultureInfo.InvariantCulture)], CopyLimit)
                {
                    User = _user,
                },
                _time, cancellation);
            return result.IsSuccess ? null : result.FirstLine;
        }
        catch (UserException e)
        {
            return e.Message;
        }
    }
}
