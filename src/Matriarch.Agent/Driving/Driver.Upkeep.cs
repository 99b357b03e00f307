using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>What goes on while a posture is held: slots, retries, and a follower that gets nowhere.</summary>
internal sealed partial class Driver
{
    /// <summary>A follower that has not streamed for this long looks again whether it can follow at all.</summary>
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(3);

    private long _reachedAt;
    private long _ruleAttempt;

    private void Retry(string kind, string reason)
    {
        Fault(kind, reason);
        _failedAt = time.GetTimestamp();
    }

    private bool IsRetryDue() => _failedAt == 0 || time.GetElapsedTime(_failedAt) >= RetryInterval;

    private bool HasStalled()
    {
        if (_snapshot is { WalReceiver.IsStreaming: true })
        {
            _reachedAt = time.GetTimestamp();
            return false;
        }

        return time.GetElapsedTime(_reachedAt) > StallLimit;
    }

    /// <summary>
    /// Every node keeps a slot for every other, so that whoever is promoted has one for each follower already; standbys
    /// move theirs forward to what the followers have.
    /// </summary>
    private async Task MaintainSlotsAsync(CancellationToken changed)
    {
        if (_slotsAt != 0 && time.GetElapsedTime(_slotsAt) < SlotsInterval)
        {
            return;
        }

        _slotsAt = time.GetTimestamp();
        var followers = peers.Entries.Where(p => p.Value.HeardAt is not null).ToList();
        if (followers.Count == 0)
        {
            return;
        }

        // Voters of the rule too, so that a node whose address is not known (yet) keeps the slot that it had.
        var voters = _snapshot?.Rule?.Voters.Select(v => v.Node) ?? [];
        var names = peers.Ids.Concat(voters).Where(n => n != self).Distinct().ToList();
        if (await server.EnsureSlotsAsync(names, changed) is ServerOutcome.Failed failed)
        {
            LogSlots(failed.Reason);
            return;
        }

        if (_snapshot is { IsInRecovery: true })
        {
            var positions = followers.ToDictionary(p => p.Key, p => new Lsn(p.Value.Facts.Lsn));
            if (await server.AdvanceSlotsAsync(positions, changed) is ServerOutcome.Failed behind)
            {
                LogSlots(behind.Reason);
            }
        }
    }

    /// <summary>
    /// Commits a rule row beside whatever else goes on, and tells consensus how it goes. Only the latest one counts.
    /// </summary>
    public async Task WriteRuleAsync(Rule rule, bool waits)
    {
        var attempt = Interlocked.Increment(ref _ruleAttempt);
        CancellationToken changed;
        lock (_wanting)
        {
            changed = _wantedChanged.Token;
        }

        var outcome = await OutcomeOfWriteAsync(rule, waits, changed);
        if (attempt != Interlocked.Read(ref _ruleAttempt))
        {
            return;
        }

        post(outcome switch
        {
            RuleWriteOutcome.Committed committed =>
                new ConsensusEvent.RuleWritten(rule, committed.CommitLsn, committed.WasSeenWaiting),
            RuleWriteOutcome.Conflict conflict =>
                new ConsensusEvent.RuleFailed(rule, $"there is another rule already: {conflict.Existing}"),
            RuleWriteOutcome.Unknown unknown => new ConsensusEvent.RuleFailed(rule, unknown.Reason),
            _ => throw new InvariantException("unknown outcome of a rule write"),
        });
    }

    private async Task<RuleWriteOutcome> OutcomeOfWriteAsync(Rule rule, bool waits, CancellationToken changed)
    {
        try
        {
            return await server.WriteRuleAsync(
                rule, waits,
                stage =>
                {
                    if (stage == RuleWriteStage.Waiting)
                    {
                        post(new ConsensusEvent.RuleWaiting(rule));
                    }
                },
                changed);
        }
        catch (OperationCanceledException)
        {
            return new RuleWriteOutcome.Unknown("something else is wanted of PostgreSQL now");
        }
    }
}
