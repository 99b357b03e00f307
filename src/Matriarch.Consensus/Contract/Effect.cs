using Matriarch.Core;

namespace Matriarch.Consensus;

/// <summary>What a step wants done, in order.</summary>
public abstract record Effect
{
    private Effect()
    {
    }

    /// <summary>Send to one node; losing it is allowed.</summary>
    public sealed record Send(NodeId To, Message Message) : Effect;

    /// <summary>
    /// Write with fsync, then tell <see cref="ConsensusEvent.Persisted"/>. Later promises replace earlier ones.
    /// </summary>
    public sealed record Persist(Promise Promise) : Effect;

    /// <summary>The synchronous standbys wanted from now on; to be applied before the posture that follows.</summary>
    public sealed record Synchronize(SynchronousStandbys Standbys) : Effect;

    /// <summary>The posture wanted from now on.</summary>
    public sealed record Assume(Posture Posture) : Effect;

    /// <summary>
    /// Commit this rule row on the local primary and tell how it goes. <paramref name="Waits"/>: the commit waits for
    /// the synchronous standbys like any other; otherwise it is durable here only when it returns, and whoever asked
    /// for it finds the proof elsewhere.
    /// </summary>
    public sealed record WriteRule(Rule Rule, bool Waits) : Effect;

    /// <summary>Admit clients as the leader of this rule's term, or (null) admit none from this moment.</summary>
    public sealed record Serve(Rule? Rule) : Effect;

    /// <summary>Publish who serves. A later one replaces it.</summary>
    public sealed record Publish(Term Term, int Revision, NodeId? Primary) : Effect;

    /// <summary>Tell the operator.</summary>
    public sealed record Report(Notice Notice) : Effect;

    /// <summary>The answer to a request; null error means that it was taken up.</summary>
    public sealed record Answer(ulong RequestId, string? Error, string WhatToDo) : Effect;
}
