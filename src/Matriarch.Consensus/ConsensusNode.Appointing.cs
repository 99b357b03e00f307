using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>The end of step 5: the coordinator appoints whom it has chosen, until it is heard.</summary>
public sealed partial class ConsensusNode
{
    private Appointment? _appointment;

    private void Decided(Recruitment attempt, Recruitment.Decision decision)
    {
        var wait = attempt.LeaseWait(_now, _options.LeaseDuration, IsFenced);
        Report(
            "leader-chosen", NoticeSeverity.Info,
            $"{decision.Leader} leads term {attempt.Term}: it " +
            (decision.Leader == decision.Holder ? "holds" : $"is preferred to {decision.Holder} and fetches from it") +
            $" {decision.Base}, as far as any of {string.Join(", ", decision.Recruits)}; the old lease may last " +
            $"another {wait.TotalMilliseconds:F0} ms");
        _recruitment = null;
        _backoffUntil = _now + (2 * _options.FailureTimeout) + Jitter(_options.RankDelay);
        var appoint = new Message.Appoint(attempt.Term, attempt.Nonce, decision.Rule, wait, decision.Base,
            decision.Holder);
        _appointment = new Appointment(decision.Leader, appoint, _now, _now);
        Tell(decision.Leader, appoint);
    }

    private void Tell(NodeId leader, Message.Appoint appoint)
    {
        if (leader == _self)
        {
            OnAppoint(_self, appoint);
        }
        else
        {
            Send(leader, appoint);
        }
    }

    /// <summary>
    /// Repeats the appointment until the leader claims its term, this node is recruited higher, or time is up.
    /// </summary>
    private void AdvanceAppointment()
    {
        if (_appointment is not { } appointment)
        {
            return;
        }

        var message = appointment.Message;
        var isFetching = IsFetching(appointment);
        var limit = isFetching ? _options.LeadTimeout : 2 * _options.FailureTimeout;
        if (_promise.Term != message.Term || _promise.Kind != PromiseKind.Recruited
            || HasReached(appointment.MadeAt + limit))
        {
            _appointment = null;
            if (isFetching)
            {
                FetchFailed(appointment);
            }
        }
        else if (HasReached(appointment.SentAt + (_options.HeartbeatInterval / 2)))
        {
            var elapsed = _now - appointment.MadeAt;
            var wait = message.LeaseWait > elapsed ? message.LeaseWait - elapsed : TimeSpan.Zero;
            _appointment = appointment with { SentAt = _now };
            Tell(appointment.Leader, message with { LeaseWait = wait });
        }
    }

    private sealed record Appointment(NodeId Leader, Message.Appoint Message, TimeSpan MadeAt, TimeSpan SentAt);
}
