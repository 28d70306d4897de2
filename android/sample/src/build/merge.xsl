<?xml version="1.0" encoding="UTF-8"?>
<!-- Puts a library's permissions and parts into an application's manifest: what an Android build's merger does. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:param name="library"/>
  <xsl:variable name="added" select="document(concat('file://', $library))/manifest"/>
  <xsl:template match="@*|node()"><xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy></xsl:template>
  <xsl:template match="manifest/application">
    <xsl:copy-of select="$added/uses-permission|$added/queries"/>
    <xsl:copy><xsl:apply-templates select="@*|node()"/><xsl:copy-of select="$added/application/*"/></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
