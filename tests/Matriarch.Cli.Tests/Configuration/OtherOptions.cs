using Matriarch.Core;

namespace Matriarch.Cli.Tests.Configuration;

/// <summary>A second section.</summary>
[OptionsSection("other-part")]
internal sealed class OtherOptions
{
    [Setting("A name.")]
    public string OsUser { get; set; } = "postgres";
}
