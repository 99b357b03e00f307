using Matriarch.Core;

namespace Matriarch.Cli.Configuration;

/// <summary>
/// Fills options classes from a YAML file, the environment and flags. Everything that is wrong is reported together:
/// unknown names (with the nearest known one), values of the wrong form, and what the options say of themselves.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>Sets the properties of the options instances and tells where each value came from.</summary>
    /// <exception cref="UserException">Something is wrong: all of it, one line each. Exit code 2.</exception>
    public static EffectiveConfiguration Load(ConfigurationSources sources, params object[] optionsInstances)
    {
        var load = new Loading(optionsInstances);
        load.ReadFile(sources);
        load.ReadEnvironment(sources);
        load.ReadFlags(sources);
        load.Apply();
        load.Validate();
        return load.Faults.Count == 0 ? load.Describe() : throw Failure(load.Faults);
    }

    private static UserException Failure(List<string> faults) => new(
        faults.Count == 1
            ? faults[0]
            : $"the configuration has {faults.Count} faults:\n" + string.Join('\n', faults.Select(f => $"  {f}")),
        "Put that right; \"matriarch config show\" on a file without faults lists every setting with its meaning.",
        exitCode: 2);

    /// <summary>One run over the sources.</summary>
    private sealed class Loading
    {
        private const string Default = "default";

        private readonly List<(SettingDefinition Setting, object Options)> _settings = [];
        private readonly Dictionary<string, RawValue> _values = new(StringComparer.Ordinal);
        private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);
        private readonly object[] _options;

        public Loading(object[] options)
        {
            _options = options;
            foreach (var instance in options)
            {
                _settings.AddRange(SettingDefinition.Of(instance.GetType()).Select(s => (s, instance)));
            }

            var keys = _settings.Select(s => s.Setting.Key).ToHashSet(StringComparer.Ordinal);
            Invariant.Holds(keys.Count == _settings.Count, "every setting belongs to one options class");
        }

        public List<string> Faults { get; } = [];

        public void ReadFile(ConfigurationSources sources)
        {
            if (sources.File is null)
            {
                return;
            }

            foreach (var (key, value) in YamlSettings.Read(sources.File, Faults))
            {
                if (IsKnown(key))
                {
                    _values[key] = value;
                }
                else
                {
                    Unknown(value.Source, "setting", key, key, _settings.Select(s => s.Setting.Key));
                }
            }
        }

        public void ReadEnvironment(ConfigurationSources sources)
        {
            var byVariable = _settings.ToDictionary(s => s.Setting.Variable, s => s.Setting, StringComparer.Ordinal);
            var elsewhere = sources.OptionsOfOtherProcesses.SelectMany(SettingDefinition.Of)
                .Select(s => s.Variable).ToHashSet(StringComparer.Ordinal);
            foreach (var (name, text) in sources.Environment.OrderBy(p => p.Key, StringComparer.Ordinal))
            {
                if (!name.StartsWith(ConfigurationSources.VariablePrefix, StringComparison.Ordinal)
                    || ConfigurationSources.OtherVariables.Contains(name))
                {
                    continue;
                }

                if (byVariable.TryGetValue(name, out var setting))
                {
                    _values[setting.Key] = new RawValue.Scalar($"environment {name}", text);
                }
                else if (!elsewhere.Contains(name))
                {
                    Unknown(
                        "environment", "variable", name, name,
                        byVariable.Keys.Concat(ConfigurationSources.OtherVariables));
                }
            }
        }

        public void ReadFlags(ConfigurationSources sources)
        {
            foreach (var flag in sources.Flags)
            {
                var split = flag.IndexOf('=', StringComparison.Ordinal);
                var name = split < 0 ? flag : flag[..split];
                var key = name.TrimStart('-');
                if (!name.StartsWith("--", StringComparison.Ordinal) || !IsKnown(key))
                {
                    Unknown("flags", "flag", name, key, _settings.Select(s => s.Setting.Key), "--");
                }
                else if (split < 0)
                {
                    Faults.Add($"flag {name}: has no value; write {name}=VALUE");
                    _wrong.Add(key);
                }
                else
                {
                    _values[key] = new RawValue.Scalar($"flag --{key}", flag[(split + 1)..]);
                }
            }
        }

        public void Apply()
        {
            foreach (var (setting, options) in _settings)
            {
                if (!_values.TryGetValue(setting.Key, out var raw))
                {
                    continue;
                }

                if (setting.Kind.TryRead(raw) is { } value)
                {
                    setting.Set(options, value);
                    continue;
                }

                _wrong.Add(setting.Key);
                Faults.Add(
                    $"{raw.Source}: {setting.Key}: {Describe(raw, setting.IsSecret)} is wrong; "
                    + $"expected {setting.Kind.Expected}");
            }
        }

        public void Validate()
        {
            foreach (var fault in _options.OfType<IValidatedOptions>().SelectMany(o => o.Validate()))
            {
                var colon = fault.IndexOf(':', StringComparison.Ordinal);
                var key = colon > 0 ? fault[..colon] : "";

                // A value that could not be read has been reported; its default is not what was asked for.
                if (!_wrong.Contains(key))
                {
                    Faults.Add(_values.TryGetValue(key, out var raw) ? $"{raw.Source}: {fault}" : fault);
                }
            }
        }

        public EffectiveConfiguration Describe() => new(
        [
            .. _settings.Select(s => new EffectiveValue(
                s.Setting.Key, s.Setting.Show(s.Options), _values.GetValueOrDefault(s.Setting.Key)?.Source ?? Default,
                s.Setting.Description, !_values.ContainsKey(s.Setting.Key))),
        ]);

        private static string Describe(RawValue raw, bool isSecret) => raw switch
        {
            RawValue.Scalar when isSecret => "the value (not shown)",
            RawValue.Scalar scalar => $"\"{scalar.Text}\"",
            RawValue.Items => "a list",
            _ => "a map",
        };

        private bool IsKnown(string key) => _settings.Any(s => s.Setting.Key == key);

        private void Unknown(
            string source, string what, string shown, string typed, IEnumerable<string> known, string prefix = "") =>
            Faults.Add(
                $"{source}: there is no {what} {shown}" + NearestName.Suggest(typed, [.. known], prefix));
    }
}
