using System.Globalization;

namespace Matriarch.Fuzz;

/// <summary>Plays damaged conversations against everything that reads what others sent.</summary>
/// <param name="seed">The same seed makes the same scripts, in the same order.</param>
/// <param name="directory">Where findings are written; made with the first one.</param>
/// <param name="targets">Who plays.</param>
internal sealed class Fuzzer(int seed, string directory, IReadOnlyList<IFuzzTarget> targets)
{
    /// <summary>After so many different findings it is time to put them right.</summary>
    public const int MostFindings = 20;

    private readonly Mutator _mutator = new(seed);
    private readonly List<Finding> _findings = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private (string Target, Script Script)? _current;
    private long _executions;

    /// <summary>All that there are to play.</summary>
    public static IReadOnlyList<IFuzzTarget> AllTargets { get; } =
        [new ReadersTarget(), new OpeningTarget(), new RenameTarget(), new LoginTarget(), new SessionTarget(),
            new MovingTarget()];

    /// <summary>One target, one script.</summary>
    public long Executions => Interlocked.Read(ref _executions);

    /// <summary>The scripts that were played to their end by all targets.</summary>
    public long Scripts { get; private set; }

    /// <summary>Each place once.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Goes on as long as it is told to.</summary>
    public void Run(Func<bool> goOn)
    {
        while (_findings.Count < MostFindings && goOn())
        {
            var (script, random) = _mutator.Make(Scripts);
            foreach (var target in targets)
            {
                Play(target, script, random);
                Interlocked.Increment(ref _executions);
            }

            Scripts++;
        }
    }

    /// <summary>Plays one script against all targets: that of a finding, for a test.</summary>
    public void Replay(Script script)
    {
        foreach (var target in targets)
        {
            for (var i = 0; i < 20; i++)
            {
                Play(target, script, _mutator.RandomOf(i));
            }
        }
    }

    /// <summary>Writes down what has been playing too long; safe to call while it does.</summary>
    public Finding? Hang()
    {
        lock (_lock)
        {
            return _current is { } current
                ? Write(current.Target, current.Script, "did not come to an end") : null;
        }
    }

    private void Play(IFuzzTarget target, Script script, Random random)
    {
        lock (_lock)
        {
            _current = (target.Name, script);
        }

        try
        {
            target.Play(script, random);
        }
        catch (Exception e)
        {
            var what = $"{e.GetType().Name}: {e.Message} {Place(e)}";
            if (_known.Add($"{target.Name} {e.GetType().Name} {Place(e)}"))
            {
                _findings.Add(Write(target.Name, script, what));
            }
        }
        finally
        {
            lock (_lock)
            {
                _current = null;
            }
        }
    }

    private static string Place(Exception e) =>
        string.Join(' ', (e.StackTrace ?? "").Split('\n').Take(3).Select(line => line.Trim()));

    private Finding Write(string target, Script script, string what)
    {
        Directory.CreateDirectory(directory);
        var name = string.Create(CultureInfo.InvariantCulture, $"{target}-{seed}-{Scripts}.script");
        var file = Path.Combine(directory, name);
        File.WriteAllBytes(file, script.Encode());
        return new Finding(target, Scripts, what, file);
    }
}
