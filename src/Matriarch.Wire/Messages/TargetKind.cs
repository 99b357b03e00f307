namespace Matriarch.Wire;

/// <summary>What a Describe or Close is about; the values are the bytes on the wire.</summary>
public enum TargetKind
{
    /// <summary>A prepared statement.</summary>
    Statement = 'S',

    /// <summary>A portal.</summary>
    Portal = 'P',
}
