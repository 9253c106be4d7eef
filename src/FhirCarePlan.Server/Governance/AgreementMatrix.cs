using FhirCarePlan.Server.Core;
using FhirCarePlan.Sharing.Matrix;

namespace FhirCarePlan.Server.Governance;

/// <summary>The matrix of the agreement that the server enforces. It is asked once a day, since legal bases begin and end with days.</summary>
public sealed class AgreementMatrix(AgreementNow agreement, TimeProvider clock)
{
    private readonly Lock making = new();
    private (DateOnly Day, SharingMatrix Matrix)? made;

    internal SharingMatrix Now
    {
        get
        {
            lock (making)
            {
                var now = clock.GetUtcNow();
                var day = DateOnly.FromDateTime(now.UtcDateTime);
                if (made is not { } known || known.Day != day) made = known = (day, SharingMatrix.Of(agreement.Protocol, now));
                return known.Matrix;
            }
        }
    }
}
