namespace Sojourn.Mesh.Settings;

/// <summary>Settings that cannot be used, or are not to be; the message says which, and what helps.</summary>
internal sealed class SettingsException(string message, Exception? cause = null) : Exception(message, cause);
