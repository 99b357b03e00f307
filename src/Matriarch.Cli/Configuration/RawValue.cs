namespace Matriarch.Cli.Configuration;

/// <summary>A value as a source gives it, before it is known what the setting takes.</summary>
/// <param name="Source">For people.</param>
internal abstract record RawValue(string Source)
{
    /// <summary>Text: the only form that the environment and flags have.</summary>
    internal sealed record Scalar(string Source, string Text) : RawValue(Source);

    /// <summary>A YAML list of scalars.</summary>
    internal sealed record Items(string Source, IReadOnlyList<string> Values) : RawValue(Source);

    /// <summary>A YAML map of scalars.</summary>
    internal sealed record Pairs(string Source, IReadOnlyList<KeyValuePair<string, string>> Values) : RawValue(Source);
}
