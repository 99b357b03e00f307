namespace Matriarch.Wire;

/// <summary>What a server says about its session in ReadyForQuery; the values are the bytes on the wire.</summary>
public enum TransactionStatus
{
    /// <summary>No ReadyForQuery was seen yet: the session is still being authenticated.</summary>
    Unknown = 0,

    /// <summary>Not in a transaction.</summary>
    Idle = 'I',

    /// <summary>In a transaction block.</summary>
    InTransaction = 'T',

    /// <summary>In a failed transaction block.</summary>
    Failed = 'E',
}
