namespace Matriarch.Cli;

/// <summary>How a command prints its answer.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For programs: one JSON document, or one a line where the answer never ends.</summary>
    Json,
}
