using Matriarch.Consensus;
using Matriarch.Core;
using Matriarch.Postgres;

namespace Matriarch.Agent;

/// <summary>A candidate that fetches, from another recruit, the WAL that it lacks before it leads.</summary>
internal sealed partial class Driver
{
    private Posture.Fetching? _fetching;

    private async Task FetchAsync(Posture.Fetching wanted, CancellationToken changed)
    {
        // The holder leads nothing; what it has is of the term in which its WAL was written.
        if (peers.UpstreamOf(wanted.Holder, wanted.Base.Timeline.ToTerm()) is not { } upstream)
        {
            _reason = $"the address of {wanted.Holder} is not known yet";
            return;
        }

        if (!wanted.Equals(_fetching) || !IsRunning)
        {
            _fetching = null;
            _reached = null;
            if (IsRetryDue() && await EnsureStandbyAsync(null, changed))
            {
                await BeginFetchingAsync(wanted, upstream, changed);
            }

            return;
        }

        var isThere = _snapshot is { IsInRecovery: true } seen
            && new WalPosition(TimelineOf(seen), seen.FlushLsn) >= wanted.Base;
        _reached = isThere ? wanted : null;
    }

    private async Task BeginFetchingAsync(Posture.Fetching wanted, Upstream upstream, CancellationToken changed)
    {
        switch (await server.DecideRejoinAsync(upstream, changed))
        {
            case RejoinDecision.CanFollow
                when await server.FollowAsync(upstream, changed) is ServerOutcome.Failed failed:
                Retry("fetch-failed", failed.Reason);
                break;
            case RejoinDecision.CanFollow:
                _fetching = wanted;
                _reason = null;
                break;
            case var other:
                // A rewind or a copy takes longer than an election may: somebody else leads then.
                Retry("fetch-failed", $"WAL of {wanted.Holder} cannot be fetched: {other}");
                break;
        }
    }
}
