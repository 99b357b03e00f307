namespace Matriarch.Core;

/// <summary>The node that an agent leads: its name, its place, and what it may become.</summary>
[OptionsSection("node")]
public sealed class NodeOptions : IValidatedOptions
{
    /// <summary>Unique within the instance; see <see cref="NodeId"/> for the alphabet.</summary>
    [Setting("Name of the node, unique in the instance: a lower-case letter, then up to 39 of a-z, 0-9 and _.")]
    public string Name { get; set; } = "";

    /// <summary>The failure domain in which the node lives.</summary>
    [Setting("Failure domain (zone) of the node: up to 40 of a-z, A-Z, 0-9, '.', '_' and '-'; " +
        "defaults to the node's name.")]
    public string Cell { get; set; } = "";

    /// <summary>
    /// Holds the data directory, the agent's durable state and PostgreSQL's log; owned by PostgreSQL's user.
    /// </summary>
    [Setting("Absolute path of the node's directory: PostgreSQL's data and the agent's durable promises live in it.")]
    public string Directory { get; set; } = "";

    /// <summary>Free words by which clients may ask for this node.</summary>
    [Setting("Words by which clients may ask for this node, for example reporting.")]
    public IReadOnlyList<string> Tags { get; set; } = [];

    /// <summary>
    /// An observer replicates, but its acknowledgement never counts for durability and it never leads.
    /// </summary>
    [Setting("true: the node only replicates, never votes and never leads.")]
    public bool Observer { get; set; }

    /// <summary>
    /// Preference when several nodes could lead; higher goes first. 0 means that it never leads by itself.
    /// </summary>
    [Setting("Preference as leader, 0 to 1000; higher goes first, 0 never leads (nofailover).")]
    public int Priority { get; set; } = 100;

    /// <summary>The cell, or the node's name when none is set.</summary>
    public string EffectiveCell() => Cell.Length > 0 ? Cell : Name;

    public IEnumerable<string> Validate()
    {
        if (!NodeId.IsValid(Name))
        {
            yield return "node.name: must be a lower-case letter, then up to 39 of a-z, 0-9 and _";
        }

        if (Cell.Length > 40 || Cell.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
        {
            yield return "node.cell: must be up to 40 of a-z, A-Z, 0-9, '.', '_' and '-'";
        }

        if (!Path.IsPathFullyQualified(Directory))
        {
            yield return "node.directory: must be an absolute path";
        }

        if (Priority is < 0 or > 1000)
        {
            yield return "node.priority: must be 0 to 1000";
        }

        if (Tags.Any(string.IsNullOrWhiteSpace))
        {
            yield return "node.tags: a tag must not be empty";
        }
    }
}
