namespace Matriarch.Cli.Configuration;

/// <summary>One setting as the process uses it.</summary>
/// <param name="Key">For example <c>consensus.lease-duration</c>.</param>
/// <param name="Text">The value in the form in which it can be set; <c>***</c> for a secret that is set.</param>
/// <param name="Source">
/// <c>default</c>, <c>agents/a.yaml:12</c>, <c>environment MATRIARCH_…</c> or <c>flag --…</c>.
/// </param>
/// <param name="Description">Meaning, unit, range.</param>
/// <param name="IsDefault">True when no source sets it.</param>
public sealed record EffectiveValue(string Key, string Text, string Source, string Description, bool IsDefault);
