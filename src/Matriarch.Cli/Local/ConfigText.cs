using System.Globalization;
using System.Text;
using Matriarch.Client;

namespace Matriarch.Cli;

/// <summary>Writes the configuration file of a process: comments, then sections of settings.</summary>
internal sealed class ConfigText
{
    private readonly StringBuilder _text = new();

    public ConfigText(params ReadOnlySpan<string> comments)
    {
        foreach (var comment in comments)
        {
            _text.Append("# ").Append(comment).Append('\n');
        }
    }

    /// <summary>Adds a section; settings that are null are left to their defaults.</summary>
    public void Section(string name, params ReadOnlySpan<(string Key, object? Value)> settings)
    {
        _text.Append(name).Append(":\n");
        foreach (var (key, value) in settings)
        {
            var text = value switch
            {
                null => null,
                string words => YamlText.Quote(words),
                _ => Convert.ToString(value, CultureInfo.InvariantCulture),
            };
            if (text is not null)
            {
                _text.Append("  ").Append(key).Append(": ").Append(text).Append('\n');
            }
        }
    }

    public override string ToString() => _text.ToString();
}
