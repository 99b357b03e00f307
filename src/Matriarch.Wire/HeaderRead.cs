namespace Matriarch.Wire;

/// <summary>What reading a message header gave.</summary>
public enum HeaderRead
{
    /// <summary>Fewer bytes than a header has.</summary>
    Incomplete,

    /// <summary>A header.</summary>
    Ok,

    /// <summary>A length that no message can have: framing is lost and the connection has to end.</summary>
    Invalid,
}
