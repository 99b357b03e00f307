using System.Reflection;
using System.Text;
using Matriarch.Core;

namespace Matriarch.Cli.Configuration;

/// <summary>One setting: a property of an options class with its key, kind and description.</summary>
internal sealed class SettingDefinition
{
    private readonly PropertyInfo _property;

    private SettingDefinition(string section, PropertyInfo property, SettingAttribute setting)
    {
        _property = property;
        Section = section;
        Name = Kebab(property.Name);
        Kind = SettingKind.Of(property.PropertyType);
        Description = setting.Description;
        IsSecret = setting.IsSecret;
    }

    public string Section { get; }

    /// <summary>The key without its section.</summary>
    public string Name { get; }

    public string Key => $"{Section}.{Name}";

    public string Variable => ConfigurationSources.VariablePrefix
        + Key.Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    public SettingKind Kind { get; }

    public string Description { get; }

    public bool IsSecret { get; }

    /// <summary>The settings of an options class, in the order of its properties.</summary>
    public static IReadOnlyList<SettingDefinition> Of(Type options)
    {
        var section = options.GetCustomAttribute<OptionsSectionAttribute>();
        Invariant.Holds(section is not null, $"{options.Name} is an options class");
        return
        [
            .. options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.CanWrite && p.GetCustomAttribute<SettingAttribute>() is not null)
                .OrderBy(p => p.MetadataToken)
                .Select(p => new SettingDefinition(section.Name, p, p.GetCustomAttribute<SettingAttribute>()!)),
        ];
    }

    public void Set(object options, object value) => _property.SetValue(options, value);

    /// <summary>The present value as text; secrets hidden.</summary>
    public string Show(object options)
    {
        var text = _property.GetValue(options) is { } value ? Kind.Write(value) : "";
        return IsSecret && text.Length > 0 ? "***" : text;
    }

    /// <summary>Lower-case words with dashes: <c>OsUser</c> is <c>os-user</c>.</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i])
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            text.Append(startsWord ? "-" : "").Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }
}
