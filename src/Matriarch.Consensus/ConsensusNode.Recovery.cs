using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>
/// The way out when a majority of the voters is gone for good: a person takes the decision that no protocol of
/// majorities may take, and this node goes on as the only voter. Whoever comes back follows the new term, and what only
/// the lost ones had is lost.
/// </summary>
public sealed partial class ConsensusNode
{
    private void OnRecoveryAsked(ConsensusEvent.RecoveryAsked asked)
    {
        var refusal = WhyNotRecovered();
        if (refusal is null)
        {
            Recover();
        }

        _out.Add(new Effect.Answer(asked.RequestId, refusal?.Error, refusal?.WhatToDo ?? ""));
    }

    private (string Error, string WhatToDo)? WhyNotRecovered()
    {
        if (_leading is not null)
        {
            return ($"{_self} leads term {_leading.Term}", "nothing has to be recovered; see: matriarch status");
        }

        if (_rule is null || !_statusSeen || !CanVote || !_traits.CanLead)
        {
            return ($"{_self} cannot lead: " +
                (_quiesced ? "the instance is paused"
                    : !_traits.CanLead ? "it is set never to lead"
                    : "its PostgreSQL does not run, or its data does not count"),
                "see: matriarch status, and choose the node with the highest LSN");
        }

        if (Verdict() != LeaderVerdict.Failed)
        {
            return ($"{_known.Leader} may still lead term {_known.Term}", "wait until it is known to have failed");
        }

        List<Peer> ready = [];
        foreach (var peer in _peers.All)
        {
            if (IsReady(peer))
            {
                ready.Add(peer);
            }
        }

        return PreVote(ready)
            ? ("enough voters live for an election, which loses nothing", "wait for it; see: matriarch events --follow")
            : null;
    }

    private void Recover()
    {
        var (term, nonce) = (HighestTerm().Next(), NextNonce());
        _recruitment = new Recruitment(term, nonce, _now, [_self]) { Expected = [_self], IsForced = true };
        Join(_self, term, nonce);
        Report(
            "forced-recovery", NoticeSeverity.Error,
            $"an operator has {_self} go on alone in term {term} from {_status.Position}, without a majority: " +
            "acknowledged writes that it does not hold are lost");
    }
}
