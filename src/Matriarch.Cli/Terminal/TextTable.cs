using Spectre.Console;

namespace Matriarch.Cli;

/// <summary>
/// A table of aligned columns without lines around them: readable without color, and each row is one line however wide
/// the terminal, so that it can be searched and cut.
/// </summary>
internal sealed class TextTable(params ReadOnlySpan<Column> columns)
{
    private const string Indent = "  ";
    private const string Gap = "  ";

    private readonly Column[] _columns = columns.ToArray();
    private readonly List<Cell[]> _rows = [];

    /// <summary>Adds a row with one cell for every column.</summary>
    public TextTable Add(params ReadOnlySpan<Cell> cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, _columns.Length);
        _rows.Add(cells.ToArray());
        return this;
    }

    /// <summary>The lines as Spectre markup, header first.</summary>
    public IEnumerable<string> ToMarkup()
    {
        var widths = new int[_columns.Length];
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = Math.Max(_columns[i].Title.Length, _rows.Select(r => r[i].Text.Length).DefaultIfEmpty().Max());
        }

        yield return Line([.. _columns.Select(c => new Cell(c.Title, "dim"))], widths);
        foreach (var row in _rows)
        {
            yield return Line(row, widths);
        }
    }

    private string Line(Cell[] cells, int[] widths)
    {
        var last = Array.FindLastIndex(cells, c => c.Text.Length > 0);
        var parts = new List<string>(cells.Length);
        for (var i = 0; i <= last; i++)
        {
            var padding = new string(' ', widths[i] - cells[i].Text.Length);
            var text = Markup.Escape(cells[i].Text);
            if (cells[i].Style.Length > 0)
            {
                text = $"[{cells[i].Style}]{text}[/]";
            }

            var isRight = _columns[i].IsNumber;
            parts.Add(isRight ? padding + text : i == last ? text : text + padding);
        }

        return Indent + string.Join(Gap, parts);
    }
}
