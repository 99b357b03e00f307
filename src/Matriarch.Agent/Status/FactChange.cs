using Matriarch.Client;

namespace Matriarch.Agent;

/// <summary>A fact that appeared, became another, or is gone.</summary>
/// <param name="Before">What was told before; null when there was none.</param>
/// <param name="After">What holds now; null when it is gone.</param>
internal sealed record FactChange(StatusFact? Before, StatusFact? After)
{
    /// <summary>The one of the two that says what it is about.</summary>
    public StatusFact Subject => (After ?? Before)!;

    /// <summary>How much it matters: as much as what holds now; that something is over is good to know.</summary>
    public FactSeverity Severity => After?.Severity ?? FactSeverity.Info;

    /// <summary>The kind of the event that tells it.</summary>
    public string EventKind => After?.Kind ?? $"{Before!.Kind}-ended";

    /// <summary>The text of the event that tells it.</summary>
    public string Text => After?.Text ?? $"no longer so: {Before!.Text}";
}
