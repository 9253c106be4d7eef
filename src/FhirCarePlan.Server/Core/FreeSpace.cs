namespace FhirCarePlan.Server.Core;

/// <summary>The space that is left for this user where a folder is.</summary>
public static class FreeSpace
{
    /// <summary>Null where the system does not tell.</summary>
    public static long? Megabytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace >> 20;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
