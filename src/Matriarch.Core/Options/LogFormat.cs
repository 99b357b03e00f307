namespace Matriarch.Core;

/// <summary>How a process writes its log.</summary>
public enum LogFormat
{
    /// <summary>One JSON object a line, for machines.</summary>
    Json,

    /// <summary>One line of text an entry, for people.</summary>
    Console,
}
