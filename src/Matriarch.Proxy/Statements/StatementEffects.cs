namespace Matriarch.Proxy;

/// <summary>What a statement may do besides reading and writing rows.</summary>
[Flags]
internal enum StatementEffects
{
    /// <summary>Nothing that outlives its transaction but rows.</summary>
    None = 0,

    /// <summary>It may change what the session carries: the server is asked at the next edge.</summary>
    ChangesSession = 1,

    /// <summary>It may change which functions there are, and so what other statements may do.</summary>
    ChangesFunctions = 2,

    /// <summary>It asks what an earlier statement of the session did to a sequence.</summary>
    ReadsSequence = 4,

    /// <summary>It may leave behind what no server tells: only its own connection serves the session from
    /// then on.</summary>
    LeavesUnseen = 8,
}
