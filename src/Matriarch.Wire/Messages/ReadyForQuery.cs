namespace Matriarch.Wire;

/// <summary>The message that ends every request cycle and tells the state of the transaction.</summary>
public static class ReadyForQuery
{
    /// <summary>Reads its body; null when it is malformed.</summary>
    public static TransactionStatus? TryParse(ReadOnlySpan<byte> body) => body.Length == 1
        ? (TransactionStatus)body[0] switch
        {
            TransactionStatus.Idle => TransactionStatus.Idle,
            TransactionStatus.InTransaction => TransactionStatus.InTransaction,
            TransactionStatus.Failed => TransactionStatus.Failed,
            _ => null,
        }
        : null;

    /// <summary>The message, header included.</summary>
    public static byte[] Encode(TransactionStatus status) => [BackendCode.ReadyForQuery, 0, 0, 0, 5, (byte)status];
}
