using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Cli.Configuration;

/// <summary>How one type of setting is read from text and written as text.</summary>
internal abstract class SettingKind
{
    /// <summary>The expected form, for error messages: "a whole number".</summary>
    public abstract string Expected { get; }

    /// <summary>The kind of a property's type.</summary>
    public static SettingKind Of(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare.IsEnum)
        {
            return new Choice(bare);
        }

        return bare switch
        {
            _ when bare == typeof(string) => new Words(),
            _ when bare == typeof(bool) => new Switch(),
            _ when bare == typeof(int) => new Whole(int.MinValue, int.MaxValue, v => (int)v),
            _ when bare == typeof(long) => new Whole(long.MinValue, long.MaxValue, v => v),
            _ when bare == typeof(TimeSpan) => new Duration(),
            _ when bare.IsAssignableFrom(typeof(List<string>)) => new ListOfWords(l => l),
            _ when bare == typeof(string[]) => new ListOfWords(l => l.ToArray()),
            _ when bare.IsAssignableFrom(typeof(Dictionary<string, string>)) => new MapOfWords(),
            _ => throw new InvariantException($"settings cannot have the type {type}"),
        };
    }

    /// <summary>The value; null when the raw value does not have the expected form.</summary>
    public abstract object? TryRead(RawValue raw);

    /// <summary>The form in which the value can be set.</summary>
    public abstract string Write(object value);

#pragma warning disable CA1308 // lower case is the format of the text, not a normalization
    private static string Lower(string text) => text.ToLowerInvariant();
#pragma warning restore CA1308

    private abstract class FromText : SettingKind
    {
        public override object? TryRead(RawValue raw) => raw is RawValue.Scalar scalar ? TryParse(scalar.Text) : null;

        public override string Write(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

        protected abstract object? TryParse(string text);
    }

    private sealed class Words : FromText
    {
        public override string Expected => "text";

        protected override object? TryParse(string text) => text;
    }

    private sealed class Switch : FromText
    {
        public override string Expected => "true or false";

        public override string Write(object value) => value is true ? "true" : "false";

        protected override object? TryParse(string text) => text switch
        {
            "true" => true,
            "false" => false,
            _ => null,
        };
    }

    private sealed class Whole(long lowest, long highest, Func<long, object> narrow) : FromText
    {
        public override string Expected => "a whole number";

        protected override object? TryParse(string text) =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= lowest && value <= highest
                ? narrow(value)
                : null;
    }

    private sealed class Duration : FromText
    {
        public override string Expected => "a duration such as 150ms, 1.2s, 10s, 5m or 1h";

        public override string Write(object value) => DurationText.Format((TimeSpan)value);

        protected override object? TryParse(string text) => DurationText.TryParse(text, out var value) ? value : null;
    }

    private sealed class Choice(Type type) : FromText
    {
        public override string Expected => string.Join(" or ", Enum.GetNames(type).Select(SettingDefinition.Kebab));

        public override string Write(object value) => SettingDefinition.Kebab(value.ToString() ?? "");

        protected override object? TryParse(string text) =>
            Enum.GetNames(type).FirstOrDefault(n => SettingDefinition.Kebab(n) == Lower(text)) is { } name
                ? Enum.Parse(type, name)
                : null;
    }

    private sealed class ListOfWords(Func<List<string>, object> convert) : SettingKind
    {
        public override string Expected => "a list, or text separated by commas";

        public override object? TryRead(RawValue raw) => raw switch
        {
            RawValue.Items items => convert([.. items.Values]),
            RawValue.Scalar scalar => convert([.. Split(scalar.Text)]),
            _ => null,
        };

        public override string Write(object value) => string.Join(',', (IEnumerable<string>)value);
    }

    private sealed class MapOfWords : SettingKind
    {
        public override string Expected => "a map, or name=value pairs separated by commas";

        public override object? TryRead(RawValue raw)
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            switch (raw)
            {
                case RawValue.Pairs pairs:
                    return pairs.Values.All(p => map.TryAdd(p.Key, p.Value)) ? map : null;
                case RawValue.Scalar scalar:
                    return Split(scalar.Text).All(p => TryAdd(map, p)) ? map : null;
                default:
                    return null;
            }
        }

        public override string Write(object value) => string.Join(
            ',',
            ((IEnumerable<KeyValuePair<string, string>>)value)
                .OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));

        private static bool TryAdd(Dictionary<string, string> map, string pair)
        {
            var split = pair.IndexOf('=', StringComparison.Ordinal);
            return split > 0 && map.TryAdd(pair[..split].TrimEnd(), pair[(split + 1)..].TrimStart());
        }
    }

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
