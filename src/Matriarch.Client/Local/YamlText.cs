using System.Globalization;
using System.Text;

namespace Matriarch.Client;

/// <summary>Writes text into YAML files so that it reads back as the same text, whatever it contains.</summary>
public static class YamlText
{
    /// <summary>The double-quoted form.</summary>
    public static string Quote(string value)
    {
        var quoted = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
            {
                quoted.Append('\\').Append(c);
            }
            else if (char.IsControl(c))
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('"').ToString();
    }
}
