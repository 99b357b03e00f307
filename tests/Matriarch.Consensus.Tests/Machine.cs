using Matriarch.Core;

namespace Matriarch.Consensus.Tests;

/// <summary>
/// One node on a bench: the state machine, and by hand everything that a real agent does around it. Promises reach the
/// disk and messages are kept until the script says so.
/// </summary>
internal sealed class Machine
{
    private readonly Bench _bench;
    private readonly NodeTraits _traits;
    private readonly List<Effect> _effects = [];

    public Machine(Bench bench, string name, Incarnation incarnation, Promise durable, NodeTraits traits)
    {
        _bench = bench;
        Id = new NodeId(name);
        Incarnation = incarnation;
        Disk = durable;
        _traits = traits;
        Node = Boot();
    }

    public NodeId Id { get; }

    public Incarnation Incarnation { get; set; }

    public ConsensusNode Node { get; private set; }

    public Promise Disk { get; set; }

    public bool DiskIsStuck { get; set; }

    public List<(NodeId To, Message Message)> Outbox { get; } = [];

    public List<Notice> Notices { get; } = [];

    public Posture Posture { get; private set; } = new Posture.Idle();

    public SynchronousStandbys Standbys { get; private set; } = SynchronousStandbys.None;

    public Rule? Serving { get; private set; }

    public Rule? Writing { get; private set; }

    public bool WritingWaits { get; private set; }

    public string? Refusal { get; private set; }

    public PostgresStatus Status { get; private set; } = PostgresStatus.Unknown;

    public void Restart()
    {
        Serving = null;
        Outbox.Clear();
        Posture = new Posture.Idle();
        Node = Boot();
        Take(new ConsensusEvent.PeersKnown([.. _bench.Names.Where(n => n != Id)]));
    }

    private ConsensusNode Boot() => new(
        Id, Incarnation, _traits, new ConsensusOptions(), Disk, new Random(_bench.NextSeed()), _bench.Now);

    public void Take(ConsensusEvent happened)
    {
        _effects.Clear();
        Node.Step(_bench.Now, happened, _effects);
        foreach (var effect in _effects.ToArray())
        {
            Do(effect);
        }
    }

    private void Do(Effect effect)
    {
        switch (effect)
        {
            case Effect.Send send:
                Outbox.Add((send.To, send.Message));
                break;
            case Effect.Persist persist when !DiskIsStuck:
                Disk = persist.Promise;
                Take(new ConsensusEvent.Persisted(persist.Promise));
                break;
            case Effect.Synchronize synchronize:
                Standbys = synchronize.Standbys;
                break;
            case Effect.Assume assume:
                Posture = assume.Posture;
                break;
            case Effect.WriteRule write:
                (Writing, WritingWaits) = (write.Rule, write.Waits);
                break;
            case Effect.Serve serve:
                Serving = serve.Rule;
                break;
            case Effect.Report report:
                Notices.Add(report.Notice);
                break;
            case Effect.Answer answer:
                Refusal = answer.Error;
                break;
        }
    }

    /// <summary>The server is seen in the posture that consensus wants, at this position.</summary>
    public void Reach(uint timeline, ulong lsn, Rule rule, bool counts = true) => See(new PostgresStatus(
        Posture is Posture.HandedOver ? PostgresCondition.Stopped : PostgresCondition.Running,
        Posture is Posture.Leading,
        new WalPosition(new Timeline(timeline), new Lsn(lsn)), Posture, Standbys,
        Posture is Posture.Following, rule, counts));

    public void See(PostgresStatus status)
    {
        Status = status;
        Take(new ConsensusEvent.Observed(status));
    }

    public bool HasReported(string kind) => Notices.Exists(n => n.Kind == kind);
}
