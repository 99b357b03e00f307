using Matriarch.Client;

namespace Matriarch.Agent;

/// <summary>
/// Turns facts, computed from scratch at each look, into changes worth telling. A change is told once it has held for
/// its settle time, so that what flaps is not told at each turn; and never more than a bounded number in a time: what
/// is too much waits, and if it is over before its turn comes it is only counted. The end state is always told.
/// </summary>
internal sealed class FactTracker
{
    /// <summary>Changes that are told at once.</summary>
    public const int MostAtOnce = 30;

    /// <summary>Each such interval one more.</summary>
    public static readonly TimeSpan TellingInterval = TimeSpan.FromSeconds(2);

    /// <summary>What is wrong, or is right again, has to hold for this long.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromMilliseconds(300);

    /// <summary>What is neither, such as a step of a failover: told only where it takes long.</summary>
    public static readonly TimeSpan InfoSettleTime = TimeSpan.FromSeconds(2);

    /// <summary>A fact that is never twice the same, but never what was told either, is told after this.</summary>
    public static readonly TimeSpan UnsettledLimit = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong in an agent's first moments may only be that it has not heard the others yet.</summary>
    public static readonly TimeSpan StartTime = TimeSpan.FromSeconds(3);

    /// <summary>
    /// For so long a change that another agent ought to have told is told by this one, if its turn comes and the
    /// change holds: the other may have been dead already, which is not known at once.
    /// </summary>
    public static readonly TimeSpan UnconfirmedTime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(string, Core.NodeId), HeldFact> _held = [];
    private readonly Dictionary<(string, Core.NodeId), StatusFact> _told = [];
    private readonly Dictionary<(string, Core.NodeId), Pending> _pending = [];
    private readonly Dictionary<(string, Core.NodeId), (FactChange Change, TimeSpan At)> _unconfirmed = [];
    private readonly TellingBound _bound = new(MostAtOnce, TellingInterval);
    private TimeSpan? _startedAt;
    private bool _remembers;
    private int _skipped;

    /// <summary>What holds now, whether or not it has been told.</summary>
    public IReadOnlyCollection<HeldFact> Held => _held.Values;

    /// <summary>
    /// Takes what others, or this agent before its start, have told to be wrong, so that its end is told even by who
    /// never saw it. Until this is known, or <see cref="StartTime"/> is over, nothing is told.
    /// </summary>
    public void Remember(IEnumerable<StatusFact> wrong)
    {
        if (_remembers)
        {
            return;
        }

        _remembers = true;
        foreach (var fact in wrong)
        {
            _told.TryAdd(fact.Key, fact);
        }
    }

    /// <summary>Takes what holds now.</summary>
    /// <param name="facts">Computed from scratch; each key once.</param>
    /// <param name="now">Monotonic; never goes back.</param>
    /// <param name="at">The same moment for people, UTC.</param>
    /// <param name="isTelling">Whether this agent tells such a fact; others only remember that it was told.</param>
    public FactReport Look(
        IReadOnlyCollection<StatusFact> facts, TimeSpan now, DateTimeOffset at, Predicate<StatusFact> isTelling)
    {
        _startedAt ??= now;
        Hold(facts, now, at);
        var changes = FactDiff.Between(_told.Values, facts);
        ForgetReverted(changes);
        var told = TakeOver(changes, now, isTelling);
        foreach (var change in changes)
        {
            if (!HasSettled(change, Await(change, now), now))
            {
                continue;
            }

            if (!isTelling(change.Subject))
            {
                _unconfirmed[change.Subject.Key] = (change, now);
            }
            else if (IsNews(change, now))
            {
                if (!_bound.TryTake(now))
                {
                    _pending[change.Subject.Key].IsDue = true;
                    continue;
                }

                told.Add(change);
            }

            Settle(change);
        }

        return new FactReport(told, TakeSkipped(now));
    }

    private bool HasSettled(FactChange change, Pending pending, TimeSpan now) =>
        (now - pending.Since >= SettleOf(change) || now - pending.DiffersSince >= UnsettledLimit)
        && !((change.Severity > FactSeverity.Info || !_remembers) && now - _startedAt < StartTime);

    /// <summary>What another ought to have told, and this agent tells now.</summary>
    private List<FactChange> TakeOver(
        IReadOnlyList<FactChange> changes, TimeSpan now, Predicate<StatusFact> isTelling)
    {
        var told = new List<FactChange>();
        foreach (var (key, (change, at)) in _unconfirmed.OrderByDescending(u => u.Value.Change.Severity).ToList())
        {
            if (now - at > UnconfirmedTime || changes.Any(c => c.Subject.Key == key))
            {
                _unconfirmed.Remove(key);
            }
            else if (isTelling(change.Subject) && (!IsNews(change, now) || _bound.TryTake(now)))
            {
                _unconfirmed.Remove(key);
                if (IsNews(change, now))
                {
                    told.Add(change);
                }
            }
        }

        return told;
    }

    /// <summary>
    /// What is well when it is first seen, or is gone, is none; nor is what an agent that has just started finds,
    /// unless it ends what was told to be wrong.
    /// </summary>
    private bool IsNews(FactChange change, TimeSpan now) =>
        change is not ({ Before: null, After.Severity: FactSeverity.Ok }
            or { Before.Severity: FactSeverity.Ok, After: null })
        && !(change.Severity <= FactSeverity.Info && change.Before is not { Severity: > FactSeverity.Info }
            && now - _startedAt < StartTime);

    private static TimeSpan SettleOf(FactChange change) =>
        change.Severity == FactSeverity.Info && change.After is not null ? InfoSettleTime : SettleTime;

    private void Hold(IReadOnlyCollection<StatusFact> facts, TimeSpan now, DateTimeOffset at)
    {
        foreach (var gone in _held.Keys.Except(facts.Select(f => f.Key)).ToList())
        {
            _held.Remove(gone);
        }

        foreach (var fact in facts)
        {
            _held[fact.Key] = _held.GetValueOrDefault(fact.Key) is { } was && fact.IsAs(was.Fact)
                ? was with { Fact = fact }
                : new HeldFact(fact, now, at);
        }
    }

    private void ForgetReverted(IReadOnlyList<FactChange> changes)
    {
        foreach (var key in _pending.Keys.Except(changes.Select(c => c.Subject.Key)).ToList())
        {
            _pending.Remove(key, out var reverted);
            _skipped += reverted!.IsDue ? 1 : 0;
        }
    }

    private Pending Await(FactChange change, TimeSpan now)
    {
        var key = change.Subject.Key;
        if (!_pending.TryGetValue(key, out var pending))
        {
            return _pending[key] = new Pending(change.After, now, now);
        }

        if (pending.IsFor(change.After))
        {
            return pending;
        }

        _skipped += pending.IsDue ? 1 : 0;
        return _pending[key] = new Pending(change.After, now, pending.DiffersSince);
    }

    private void Settle(FactChange change)
    {
        var key = change.Subject.Key;
        _pending.Remove(key);
        if (change.After is { } fact)
        {
            _told[key] = fact;
        }
        else
        {
            _told.Remove(key);
        }
    }

    private int TakeSkipped(TimeSpan now)
    {
        if (_skipped == 0 || _pending.Values.Any(p => p.IsDue) || !_bound.TryTake(now))
        {
            return 0;
        }

        var skipped = _skipped;
        _skipped = 0;
        return skipped;
    }

    /// <summary>A change that has not been told yet.</summary>
    private sealed class Pending(StatusFact? after, TimeSpan since, TimeSpan differsSince)
    {
        public TimeSpan Since => since;

        public TimeSpan DiffersSince => differsSince;

        /// <summary>It has settled, but too many others were told before it.</summary>
        public bool IsDue { get; set; }

        public bool IsFor(StatusFact? other) => after is null ? other is null : after.IsAs(other);
    }
}
