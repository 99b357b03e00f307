namespace Matriarch.Cli.Configuration;

/// <summary>What <c>config show</c> and <c>config check</c> print, apart from how: a heading and rows of
/// text.</summary>
/// <param name="Headings">One per column.</param>
/// <param name="Rows">As many cells as headings.</param>
public sealed record ConfigurationTable(
    IReadOnlyList<string> Headings, IReadOnlyList<ConfigurationTable.Row> Rows)
{
    /// <summary>One setting.</summary>
    /// <param name="Cells">Key, value, source, description.</param>
    /// <param name="IsDefault">True when no source sets it: to be shown dimmed, or left out.</param>
    public sealed record Row(IReadOnlyList<string> Cells, bool IsDefault);

    /// <summary>The table of a configuration.</summary>
    /// <param name="configuration">What to show.</param>
    /// <param name="onlyChanged">Leaves out settings that have their default.</param>
    public static ConfigurationTable Of(EffectiveConfiguration configuration, bool onlyChanged = false) => new(
        ["Setting", "Value", "From", "Meaning"],
        [.. configuration.Values
            .Where(v => !(onlyChanged && v.IsDefault))
            .Select(v => new Row([v.Key, v.Text, v.Source, v.Description], v.IsDefault))]);
}
