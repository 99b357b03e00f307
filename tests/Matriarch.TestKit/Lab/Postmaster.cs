using System.Globalization;

namespace Matriarch.TestKit;

/// <summary>The postmaster of a data directory.</summary>
internal static class Postmaster
{
    /// <summary>Its process id, from postmaster.pid.</summary>
    /// <exception cref="InvalidOperationException">The file names no running PostgreSQL.</exception>
    public static async Task<int> IdAsync(string dataDirectory)
    {
        var line = (await File.ReadAllLinesAsync(Path.Combine(dataDirectory, "postmaster.pid")))[0];
        var id = int.Parse(line, CultureInfo.InvariantCulture);
        var comm = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/comm");
        var program = (await File.ReadAllTextAsync(comm)).Trim();
        return program == "postgres"
            ? id
            : throw new InvalidOperationException($"process {id} of {dataDirectory} is {program}, not postgres");
    }
}
