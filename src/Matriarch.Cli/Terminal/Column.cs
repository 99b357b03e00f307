namespace Matriarch.Cli;

/// <summary>A column of a table.</summary>
/// <param name="Title">In capitals.</param>
/// <param name="IsNumber">Aligned to the right.</param>
internal readonly record struct Column(string Title, bool IsNumber = false)
{
    public static implicit operator Column(string title) => new(title);
}
