using Matriarch.Core;

namespace Matriarch.Topology;

/// <summary>Who logs in, and the file that has the password: read at each login, so that it can be changed.</summary>
internal sealed record EtcdCredentials(string User, string PasswordFile)
{
    private const int LongestPassword = 4096;

    public static EtcdCredentials? From(string user, string passwordFile) =>
        user.Length == 0 ? null : new EtcdCredentials(user, passwordFile);

    /// <exception cref="UserException">The file cannot be read.</exception>
    public string ReadPassword()
    {
        try
        {
            var file = new FileInfo(PasswordFile);
            if (file.Length <= LongestPassword)
            {
                return File.ReadAllText(PasswordFile).TrimEnd('\r', '\n');
            }

            throw new IOException($"it has more than {LongestPassword} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"the password file {PasswordFile} cannot be read: {e.Message}",
                "name a file that this process may read, with the password and nothing else", 2, e);
        }
    }
}
