namespace Matriarch.Cli;

/// <summary>The processes that have a configuration.</summary>
internal enum ProcessKind
{
    /// <summary>Leads one PostgreSQL node.</summary>
    Agent,

    /// <summary>Where clients connect.</summary>
    Gateway,
}
