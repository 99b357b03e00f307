using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>Harm that leaves everything running: people, slow disks, servers that hang.</summary>
internal sealed partial class World
{
    /// <summary>
    /// pg_promote behind the agent's back. It is called on followers that stream, so the timeline that it makes is
    /// above every term which its node has accepted (the other case: README, not modelled).
    /// </summary>
    private void PromoteByHand(SimulatedNode node, SimulatedPostgres server)
    {
        var accepted = Math.Max(node.Durable.Accepted.Value, node.Agent?.Promise.Accepted.Value ?? 0);
        var timeline = server.Log[^1].Timeline + 1;
        if (timeline > accepted && !node.IsActing)
        {
            Note(node, "is promoted by hand to", timeline);
            Promote(node, server, timeline, isStray: true);
            LookSoon(node);
        }
    }

    private void Quiesce(SimulatedNode node)
    {
        if (node.Agent is not null && !node.IsFrozen)
        {
            Step(node, new ConsensusEvent.QuiesceAsked(true));
            _agenda.Add(For(4000), Occasion.Resume, node.Index, 0, 1);
        }
    }

    private void Hang(SimulatedNode node)
    {
        if (node.Postgres is { IsRunning: true, IsHung: false } server)
        {
            Note(node, "server hangs");
            server.IsHung = true;
            LookSoon(node);
            _agenda.Add(For(20000), Occasion.Resume, node.Index);
        }
    }

    private void Resume(SimulatedNode node)
    {
        if (node.Agent is { IsQuiesced: true } && !node.IsFrozen)
        {
            Step(node, new ConsensusEvent.QuiesceAsked(false));
        }

        if (node.Postgres is { IsHung: true } server)
        {
            Note(node, "server answers again");
            server.IsHung = false;
            Release(node, server);
            Ship(node);
            LookSoon(node);
        }
    }
}
