using System.CommandLine;

namespace Matriarch.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>Each a line to type, then what it does; without the program's name.</summary>
    public IReadOnlyList<(string Line, string Meaning)> Examples { get; init; } = [];
}
