using System.Diagnostics;
using Matriarch.Client;
using Matriarch.Core;

namespace Matriarch.Cli;

/// <summary>
/// Where the node directories go. PostgreSQL refuses to run as root, and its user cannot reach, for example, /root
/// (0700): the nodes then live under /var/lib/matriarch, in a directory named by the cluster's id.
/// </summary>
internal static class NodesPlacement
{
    /// <summary>PostgreSQL's user when commands run as root.</summary>
    public const string OsUser = "postgres";

    private const string Elsewhere = "/var/lib/matriarch";

    private const UnixFileMode OpenToAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The directory that holds the nodes' directories of a cluster that is being made.</summary>
    public static string Choose(ClusterPaths paths, string clusterId, bool isRoot) =>
        !isRoot || CanTraverse(Path.GetDirectoryName(paths.Root)) ? paths.Nodes : ElsewhereFor(clusterId);

    /// <summary>
    /// The directory outside of DIR that a cluster of this id may own, and <c>down --destroy</c> may remove.
    /// </summary>
    public static string ElsewhereFor(string clusterId) => Path.Combine(Elsewhere, clusterId);

    /// <summary>Removes the directory of such directories when no cluster has one in it.</summary>
    public static void RemoveElsewhereIfEmpty()
    {
        if (Directory.Exists(Elsewhere) && !Directory.EnumerateFileSystemEntries(Elsewhere).Any())
        {
            Directory.Delete(Elsewhere);
        }
    }

    /// <summary>Whether every user may pass through this directory and all above it.</summary>
    public static bool CanTraverse(string? directory)
    {
        for (var here = directory; here is not null; here = Path.GetDirectoryName(here))
        {
            if (Directory.Exists(here) && !File.GetUnixFileMode(here).HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Makes a node's directory, owned by PostgreSQL's user.</summary>
    /// <exception cref="UserException">That user does not exist.</exception>
    public static void Make(string directory, bool isRoot)
    {
        var parent = Path.GetDirectoryName(directory)!;
        var above = Path.GetDirectoryName(parent)!;
        foreach (var passage in new[] { above, parent }.Where(p => !Directory.Exists(p)))
        {
            Directory.CreateDirectory(passage);
            File.SetUnixFileMode(passage, OpenToAll); // whatever the umask is: PostgreSQL's user passes here
        }

        Directory.CreateDirectory(directory, OwnerOnly);
        if (isRoot)
        {
            GiveTo(OsUser, directory);
        }
    }

    private static void GiveTo(string user, string directory)
    {
        using var chown = Process.Start(new ProcessStartInfo("chown", [user + ":", directory])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        });
        var complaint = chown?.StandardError.ReadToEnd() ?? "";
        chown?.WaitForExit();
        if (chown is not { ExitCode: 0 })
        {
            throw new UserException(
                $"{directory} cannot be given to the user {user}, as whom PostgreSQL runs: {complaint.Trim()}",
                $"make the user (Debian's postgresql package does), or run matriarch as another user than root");
        }
    }
}
