using System.Globalization;
using Matriarch.Core;

namespace Matriarch.Postgres;

/// <summary>
/// The operating system user that owns the data and runs PostgreSQL. When the agent does not run as root it is the
/// agent's own user and nothing is switched.
/// </summary>
/// <param name="Name">For messages.</param>
/// <param name="Uid">User id.</param>
/// <param name="Gid">Group id.</param>
/// <param name="IsSwitched">Whether programs have to be run as another user than the agent's.</param>
internal sealed record OsUser(string Name, uint Uid, uint Gid, bool IsSwitched)
{
    private const string SetPriv = "/usr/bin/setpriv";

    /// <summary>Finds the user; when the agent is not root, that is always the agent's own.</summary>
    /// <exception cref="UserException">There is no such user, or it is root.</exception>
    public static OsUser Resolve(string name)
    {
        var own = Posix.EffectiveUserId();
        if (own != 0)
        {
            return new OsUser(Environment.UserName, own, Posix.EffectiveGroupId(), IsSwitched: false);
        }

        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            var fields = line.Split(':');
            if (fields.Length > 3 && fields[0] == name
                && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
                && uint.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var gid))
            {
                return uid != 0
                    ? new OsUser(name, uid, gid, IsSwitched: true)
                    : throw new UserException(
                        $"postgres.os-user {name} is a superuser",
                            "Name an unprivileged user: PostgreSQL refuses to run as root.");
            }
        }

        throw new UserException(
            $"There is no operating system user {name} to run PostgreSQL as",
            "Install PostgreSQL from the system's packages, which creates it, "
            + "or set postgres.os-user to an existing one.");
    }

    /// <summary>The command line that runs a program as this user, without any capability of root left.</summary>
    public (string Program, IReadOnlyList<string> Arguments) Wrap(string program, IReadOnlyList<string> arguments)
    {
        if (!IsSwitched)
        {
            return (program, arguments);
        }

        var uid = Uid.ToString(CultureInfo.InvariantCulture);
        var gid = Gid.ToString(CultureInfo.InvariantCulture);
        return (SetPriv, [$"--reuid={uid}", $"--regid={gid}", "--init-groups", "--", program, .. arguments]);
    }

    /// <summary>Gives a file or directory to this user.</summary>
    /// <exception cref="IOException">The file system refuses.</exception>
    public void Own(string path)
    {
        if (IsSwitched)
        {
            Posix.ChangeOwner(path, Uid, Gid);
        }
    }
}
