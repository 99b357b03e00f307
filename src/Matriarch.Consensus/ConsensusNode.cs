using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The state machine by which the nodes of one instance agree, among themselves, who leads. Events in, effects out; no
/// IO, no clock and no randomness of its own, so that a whole cluster of these runs inside one simulation.
///
/// The protocol (docs/architecture.md tells it at length, docs/mistakes.md the reasons):
///   1. Every node tells every other its full picture, each heartbeat interval and at each change.
///      (ConsensusNode.Heartbeats)
///   2. A leader that is silent too long, or says that it is fenced, is failed; anything else never acts.
///      (ConsensusNode.Verdict)
///   3. The best-placed voter that sees enough others agree stands first: it draws a term above all that it has heard
///      of and recruits every voter. (ConsensusNode.Standing)
///   4. A voter that joins stops acknowledging lower terms, persists its promise, and only then reads and tells its
///      position. A vote that is only a reading of a position would lose writes. (ConsensusNode.Voting)
///   5. Recruits that are enough under the rule at the most advanced of them decide; the most advanced leads. It
///      persists that it is appointed, and is promoted to the timeline whose id is the term. (Recruitment)
///   6. It writes the rule row of its term, lets followers attach while that commit waits, and serves when a quorum
///      holds the row, the old lease has run out or the old leader is fenced, and it has a lease of its own.
///      (ConsensusNode.Leading)
///   7. It admits voters one at a time, and steps down the moment its lease or its PostgreSQL ends.
///      (ConsensusNode.Membership)
///
/// Invariants: one leader per term; the promise never goes down; a node serves only with a lease and a committed rule
/// row of its own term. Not thread-safe: one caller steps it, with a monotonic time that never goes back.
/// </summary>
public sealed partial class ConsensusNode
{
    private readonly NodeId _self;
    private readonly Incarnation _incarnation;
    private readonly NodeTraits _traits;
    private readonly ConsensusOptions _options;
    private readonly Random _random;
    private readonly PeerTable _peers = new();
    private readonly LeaseClock _lease = new();
    private readonly TimeSpan _bootedAt;
    private readonly ulong _boot;
    private readonly bool _isNewLife;

    private TimeSpan _now;
    private List<Effect> _out = [];
    private Promise _promise;
    private Promise _durable;
    private PostgresStatus _status = PostgresStatus.Unknown;
    private bool _statusSeen;
    private Rule? _rule;
    private Leadership _known;
    private TimeSpan _knownSince;
    private Term _fencedTerm;
    private Term _unfencedTerm;
    private bool _quiesced;
    private Posture _posture = new Posture.Idle();
    private SynchronousStandbys? _synchronous;
    private Rule? _synchronizedFor;

    /// <param name="self">This node.</param>
    /// <param name="incarnation">The life of its promise file.</param>
    /// <param name="traits">What the operator says of it.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="durable">The promise found on disk.</param>
    /// <param name="random">For nonces and back-off.</param>
    /// <param name="now">Monotonic time of the start.</param>
    public ConsensusNode(
        NodeId self, Incarnation incarnation, NodeTraits traits, ConsensusOptions options, Promise durable,
        Random random, TimeSpan now)
    {
        _self = self;
        _incarnation = incarnation;
        _traits = traits;
        _options = options;
        _random = random;
        _promise = durable;
        _durable = durable;
        _bootedAt = now;
        _now = now;
        _boot = NextNonce();
        _sequence = _boot;
        _isNewLife = durable == Promise.None;
        if (durable.Kind is PromiseKind.Following or PromiseKind.Appointed && !durable.Node.IsNone)
        {
            Know(new Leadership(durable.Term, durable.Node));
        }

        _unfencedTerm = durable.Kind == PromiseKind.Appointed ? durable.Term : Term.None;
    }

    /// <summary>The newest rule that this node knows; null before it has joined an instance.</summary>
    public Rule? Rule => _rule;

    /// <summary>The newest leadership that it knows.</summary>
    public Leadership Known => _known;

    /// <summary>The highest term that it has promised, durable or about to be.</summary>
    public Promise Promise => _promise;

    /// <summary>Whether clients may be served here now.</summary>
    public bool IsServing => _leading is { Phase: LeadershipPhase.Serving };

    /// <summary>The phase of its own leadership; null when it does not lead.</summary>
    public LeadershipPhase? Phase => _leading?.Phase;

    /// <summary>The posture that it wants of PostgreSQL.</summary>
    public Posture DesiredPosture => _posture;

    /// <summary>Whether elections are held off.</summary>
    public bool IsQuiesced => _quiesced;

    /// <summary>What it makes of the leader that it knows.</summary>
    public LeaderVerdict CurrentVerdict => Verdict();

    /// <summary>Takes one event and appends what has to be done, in order, to <paramref name="effects"/>.</summary>
    /// <exception cref="InvariantException">A safety invariant does not hold; the process must end.</exception>
    public void Step(TimeSpan now, ConsensusEvent happened, List<Effect> effects)
    {
        Invariant.Holds(now >= _now, "monotonic time goes back");
        _now = now;
        _wake = TimeSpan.MaxValue;
        _out = effects;
        switch (happened)
        {
            case ConsensusEvent.Tick:
                break;
            case ConsensusEvent.Received received:
                OnMessage(received.From, received.Message);
                break;
            case ConsensusEvent.Persisted persisted:
                _durable = persisted.Promise;
                break;
            case ConsensusEvent.Observed observed:
                OnObserved(observed.Status);
                break;
            case ConsensusEvent.RuleWaiting waiting:
                OnRuleWaiting(waiting.Rule);
                break;
            case ConsensusEvent.RuleWritten written:
                OnRuleWritten(written);
                break;
            case ConsensusEvent.RuleFailed failed:
                OnRuleFailed(failed);
                break;
            case ConsensusEvent.SwitchoverAsked asked:
                OnSwitchoverAsked(asked);
                break;
            case ConsensusEvent.PolicyAsked asked:
                OnPolicyAsked(asked);
                break;
            case ConsensusEvent.RemovalAsked asked:
                OnRemovalAsked(asked);
                break;
            case ConsensusEvent.RecoveryAsked asked:
                OnRecoveryAsked(asked);
                break;
            case ConsensusEvent.QuiesceAsked quiesce:
                OnQuiesceAsked(quiesce.Quiesce);
                break;
            case ConsensusEvent.PeersKnown known:
                OnPeersKnown(known.Peers);
                break;
            default:
                throw new InvariantException($"unknown event {happened.GetType().Name}");
        }

        Settle();
    }

    /// <summary>Everything that follows from the state as a whole, whatever event changed it.</summary>
    private void Settle()
    {
        if (!_statusSeen)
        {
            return;
        }

        var before = _out.Count;
        AcceptLeaderByItsWal();
        UpdateFence();
        AdvanceLeadership();
        AnswerRecruitment();
        AdvanceRecruitment();
        ConsiderStanding();
        UpdatePosture();
        SynchronizeAhead();
        if (_out.Count > before)
        {
            // What was done may have made something due that this pass had gone by already.
            WakeBy(_now);
        }

        SendHeartbeats();
    }

    private void OnObserved(PostgresStatus status)
    {
        var first = !_statusSeen;
        _status = status;
        _statusSeen = true;
        if (status.Rule is { } rule)
        {
            LearnRule(rule);
        }

        if (first)
        {
            ResumeOrDetach();
        }

        NoticeStray();
    }

    private void OnMessage(NodeId from, Message message)
    {
        if (from == _self)
        {
            return;
        }

        switch (message)
        {
            case Message.Heartbeat heartbeat:
                OnHeartbeat(from, heartbeat);
                break;
            case Message.LeaseAck ack:
                OnLeaseAck(from, ack);
                break;
            case Message.Recruit recruit:
                OnRecruit(from, recruit);
                break;
            case Message.Recruited recruited:
                OnRecruited(from, recruited);
                break;
            case Message.NotRecruited refused:
                OnNotRecruited(from, refused);
                break;
            case Message.Appoint appoint:
                OnAppoint(from, appoint);
                break;
            default:
                throw new InvariantException($"unknown message {message.GetType().Name}");
        }
    }

    private void OnQuiesceAsked(bool quiesce)
    {
        if (_quiesced == quiesce)
        {
            return;
        }

        _quiesced = quiesce;
        if (quiesce)
        {
            _recruitment = null;
        }

        Report(
            quiesce ? "quiesced" : "resumed", NoticeSeverity.Info,
            quiesce ? "elections are held off by an operator" : "elections are allowed again");
    }

    private void Synchronize(SynchronousStandbys standbys)
    {
        if (!standbys.Equals(_synchronous))
        {
            _synchronous = standbys;
            _synchronizedFor = null;
            _out.Add(new Effect.Synchronize(standbys));
        }
    }

    private void Assume(Posture posture)
    {
        if (!posture.Equals(_posture))
        {
            _posture = posture;
            _out.Add(new Effect.Assume(posture));
        }
    }

    /// <summary>
    /// Raises the promise and has it persisted; nothing that depends on it may happen before it is durable.
    /// </summary>
    private void Make(Promise promise)
    {
        Invariant.Holds(promise.Term >= _promise.Term, "the promised term never goes down");
        _promise = promise with { Accepted = AcceptedWith(promise) };
        _out.Add(new Effect.Persist(_promise));
    }

    private bool IsDurable => _durable == _promise;

    private ulong NextNonce() => (ulong)_random.NextInt64(1, long.MaxValue);

    private void Send(NodeId to, Message message) => _out.Add(new Effect.Send(to, message));

    private void Report(string kind, NoticeSeverity severity, string text) =>
        _out.Add(new Effect.Report(new Notice(kind, severity, _promise.Term, text)));
}
