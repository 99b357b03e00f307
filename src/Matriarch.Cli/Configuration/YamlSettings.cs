using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Matriarch.Cli.Configuration;

/// <summary>
/// Reads a YAML file of the form <c>section: { name: value }</c> into raw values with their lines. Faults are
/// collected, not thrown.
/// </summary>
internal sealed class YamlSettings
{
    private const long MaxBytes = 1024 * 1024;

    private readonly string _file;
    private readonly List<string> _faults;

    private YamlSettings(string file, List<string> faults)
    {
        _file = file;
        _faults = faults;
    }

    /// <summary>Values by key as written, in the order of the file; whether a key is known is not asked here.</summary>
    public static IReadOnlyList<KeyValuePair<string, RawValue>> Read(string file, List<string> faults)
    {
        var reader = new YamlSettings(file, faults);
        return reader.Parse() is { } root ? reader.ReadRoot(root) : [];
    }

    private YamlNode? Parse()
    {
        try
        {
            var info = new FileInfo(_file);
            if (!info.Exists)
            {
                _faults.Add($"{_file}: there is no such file");
                return null;
            }

            if (info.Length > MaxBytes)
            {
                _faults.Add($"{_file}: has {info.Length} bytes; a configuration file has at most {MaxBytes}");
                return null;
            }

            using var text = File.OpenText(_file);
            var stream = new YamlStream();
            stream.Load(text);
            if (stream.Documents.Count > 1)
            {
                _faults.Add($"{_file}: holds {stream.Documents.Count} YAML documents; one is expected");
            }

            return stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
        }
        catch (YamlException e)
        {
            _faults.Add($"{At(e.Start)}: is not valid YAML: {e.InnerException?.Message ?? e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _faults.Add($"{_file}: cannot be read: {e.Message}");
        }

        return null;
    }

    private List<KeyValuePair<string, RawValue>> ReadRoot(YamlNode root)
    {
        var values = new List<KeyValuePair<string, RawValue>>();
        if (IsNull(root))
        {
            return values;
        }

        if (root is not YamlMappingNode sections)
        {
            _faults.Add($"{At(root.Start)}: expected sections such as \"cluster:\"");
            return values;
        }

        foreach (var (section, body) in sections.Children)
        {
            var name = NameOf(section);
            if (body is YamlMappingNode settings)
            {
                foreach (var (key, value) in settings.Children)
                {
                    ReadSetting($"{name}.{NameOf(key)}", key, value, values);
                }
            }
            else if (!IsNull(body))
            {
                _faults.Add(
                    $"{At(section.Start)}: {name}: expected a section with settings below it, found {Describe(body)}");
            }
        }

        return values;
    }

    private void ReadSetting(
        string key, YamlNode name, YamlNode value, List<KeyValuePair<string, RawValue>> values)
    {
        var source = At(name.Start);
        if (IsNull(value))
        {
            _faults.Add($"{source}: {key}: has no value; remove the line to take the default, or write \"\"");
            return;
        }

        RawValue? raw = value switch
        {
            YamlScalarNode scalar => new RawValue.Scalar(source, scalar.Value ?? ""),
            YamlSequenceNode list when list.Children.All(c => c is YamlScalarNode && !IsNull(c)) =>
                new RawValue.Items(source, [.. list.Children.Select(NameOf)]),
            YamlMappingNode map when map.Children.All(p => p.Value is YamlScalarNode && !IsNull(p.Value)) =>
                new RawValue.Pairs(
                    source, [.. map.Children.Select(p => KeyValuePair.Create(NameOf(p.Key), NameOf(p.Value)))]),
            _ => null,
        };
        if (raw is null)
        {
            _faults.Add($"{source}: {key}: holds nested or empty values; "
                + "expected text, a list of texts or a map of texts");
            return;
        }

        values.Add(KeyValuePair.Create(key, raw));
    }

    private static string NameOf(YamlNode node) => node is YamlScalarNode scalar ? scalar.Value ?? "" : node.ToString();

    // Nothing, ~ and null, unless quoted.
    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    private static string Describe(YamlNode node) => node is YamlSequenceNode ? "a list" : $"\"{NameOf(node)}\"";

    private string At(Mark mark) => string.Create(CultureInfo.InvariantCulture, $"{_file}:{mark.Line}");
}
