using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>Reads the secrets of a process from their files.</summary>
internal static class SecretFile
{
    /// <summary>The secret of that name; see <see cref="Client.SecretNames"/>.</summary>
    /// <exception cref="UserException">It is missing, empty or may not be read.</exception>
    public static string Read(SecretsOptions options, string name)
    {
        var path = Path.Combine(options.Directory, name);
        try
        {
            var secret = File.ReadAllText(path).Trim();
            return secret.Length > 0 ? secret : throw new UserException(
                $"the secret {path} is empty", "put it back from a copy");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"the secret {path} cannot be read: {e.Message}",
                "check secrets.directory and the owner of the file",
                1,
                e);
        }
    }
}
