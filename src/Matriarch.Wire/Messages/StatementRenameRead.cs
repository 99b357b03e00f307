namespace Matriarch.Wire;

/// <summary>What looking for a statement's name gave.</summary>
public enum StatementRenameRead
{
    /// <summary>A name.</summary>
    Found,

    /// <summary>The message names no statement.</summary>
    None,

    /// <summary>The name does not end in the bytes that are there.</summary>
    Incomplete,

    /// <summary>The whole body is there, and the name does not end in it.</summary>
    Malformed,
}
