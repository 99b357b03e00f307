using Matriarch.Consensus;
using Matriarch.Core;

namespace Matriarch.Simulation;

/// <summary>Commits and the synchronous wait, with its holes.</summary>
internal sealed partial class World
{
    private SynchronousStandbys?[] _wanted = new SynchronousStandbys?[8];

    private void Synchronize(SimulatedNode node, SynchronousStandbys standbys)
    {
        _wanted[node.Index] = standbys;
        if (node.Postgres is not { } server)
        {
            return;
        }

        server.Written = standbys;
        server.SyncEpoch++;
        if (server.IsRunning)
        {
            _agenda.Add(Work(20), Occasion.SyncApplied, node.Index, server.SyncEpoch);
        }
        else
        {
            server.Applied = standbys;
        }
    }

    private void SyncApplied(SimulatedNode node, SimulatedPostgres server, int epoch)
    {
        if (server.SyncEpoch != epoch)
        {
            return;
        }

        Note(node, "waits for", server.Written);
        server.Applied = server.Written;
        Release(node, server);
        LookSoon(node);
    }

    private void BeginCommit(SimulatedNode node, SimulatedPostgres server, Commit commit)
    {
        // A backend that starts while the setting is being applied may see the old one and skip the wait.
        var seen = _random.Next(2) == 0 ? server.Written : server.Applied;
        if (seen.Count == 0 || _profile.Sabotage == Sabotage.CommitsWaitForNobody)
        {
            Complete(node, commit, waited: false);
            return;
        }

        server.Waiting.Add(commit);
        Ship(node);
    }

    private void Release(SimulatedNode node, SimulatedPostgres server)
    {
        while (!server.IsHung && server.Waiting.Count > 0 && IsHeld(server, server.Waiting[0].Entry.Index + 1))
        {
            var commit = server.Waiting[0];
            server.Waiting.RemoveAt(0);
            Complete(node, commit, waited: true);
        }
    }

    private static bool IsHeld(SimulatedPostgres server, int count)
    {
        var held = 0;
        foreach (var name in server.Applied.Names)
        {
            if (server.Acknowledged[name.Value[0] - 'a'] >= count)
            {
                held++;
            }
        }

        return held >= server.Applied.Count;
    }

    private void Complete(SimulatedNode node, Commit commit, bool waited)
    {
        if (commit.Write is { } write)
        {
            HearSoon(write, true);
        }
        else
        {
            Note(node, "has committed the row of", commit.Rule);
            TellRule(
                node, commit,
                new ConsensusEvent.RuleWritten(
                    commit.Rule!, WalEntry.LsnAt(commit.Entry.Index + 1), waited && commit.IsSeenWaiting));
        }
    }

    private void TellRule(SimulatedNode node, Commit commit, ConsensusEvent happened) =>
        _agenda.Add(Upto(3), Occasion.Tell, node.Index, commit.AgentEpoch, payload: happened);

    private void WriteRule(SimulatedNode node, Effect.WriteRule wanted)
    {
        var rule = wanted.Rule;
        if (node.Postgres is not { State: ServerState.Primary } server || server.Log[^1].Timeline != rule.Term.Value)
        {
            if (_profile.Sabotage != Sabotage.TimelinesAreCounted
                || node.Postgres is not { State: ServerState.Primary })
            {
                _agenda.Add(
                    Upto(3), Occasion.Tell, node.Index, node.AgentEpoch,
                    payload: new ConsensusEvent.RuleFailed(rule, "no primary of this term"));
                return;
            }

            server = node.Postgres;
        }

        foreach (var waiting in server.Waiting)
        {
            if (waiting.Rule is not null && wanted.Waits)
            {
                // The row is locked by a commit that waits; so does this one.
                _agenda.Add(Work(10), Occasion.RuleDue, node.Index, node.AgentEpoch, payload: wanted);
                return;
            }
        }

        var commit = new Commit(Append(node, server, WalKind.Rule, rule), null, rule, node.AgentEpoch);
        Note(node, "writes the row of", rule);
        if (!wanted.Waits)
        {
            Complete(node, commit, waited: false);
            Ship(node);
            return;
        }

        BeginCommit(node, server, commit);
        _agenda.Add(Work(5), Occasion.RuleSeenWaiting, node.Index, node.AgentEpoch, payload: commit);
        Ship(node);
    }

    private void SeeRuleWaiting(SimulatedNode node, Commit commit)
    {
        if (node.Postgres is { } server && server.Waiting.Contains(commit))
        {
            commit.IsSeenWaiting = true;
            _agenda.Add(
                Upto(3), Occasion.Tell, node.Index, node.AgentEpoch,
                payload: new ConsensusEvent.RuleWaiting(commit.Rule!));
        }
    }

    /// <summary>
    /// Somebody cancels a backend in its wait: success with a warning, visible, and nobody has acknowledged it.
    /// </summary>
    private void CancelOne(SimulatedNode node, SimulatedPostgres server)
    {
        if (server.Waiting.Count == 0)
        {
            return;
        }

        var index = _random.Next(server.Waiting.Count);
        var commit = server.Waiting[index];
        server.Waiting.RemoveAt(index);
        commit.Entry.IsExposed = true;
        Note(node, "cancels the wait of", commit.Entry.Index, commit.Rule);
        if (commit.Write is { } write)
        {
            write.WasCancelled = true;
            HearSoon(write, _profile.Sabotage == Sabotage.WarningsAreSuccess);
        }
        else
        {
            TellRule(node, commit, new ConsensusEvent.RuleFailed(commit.Rule!, "the wait was cancelled"));
        }
    }
}
